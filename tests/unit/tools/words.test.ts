import { wordsOf } from "../../../tools/submission/words";

test.each([
  ["one two", ["one", "two"]],
  [`one "two three" 'four five' six\\ seven`, ["one", "two three", "four five", "six seven"]],
  [`"it's" 'say "no"' "" a'b 'c`, ["it's", 'say "no"', "", "ab c"]],
  ["$(touch canary) `touch canary` ;\n touch\tcanary\n", ["$(touch", "canary)", "`touch", "canary`", ";", "touch", "canary"]],
  ["$HOME $$ * ~ > canary --help -x", ["$HOME", "$$", "*", "~", ">", "canary", "--help", "-x"]],
  [`'{"a": 1}' {\\"a\\":1} --x="a b"`, ['{"a": 1}', '{"a":1}', "--x=a b"]],
  ["ü\u00a0😀", ["ü\u00a0😀"]],
  ["", []],
  [" \n", []],
])("the text %j is these words, and nothing that a shell would make of them", (text, words) => {
  expect(wordsOf("ARGS", text)).toEqual(words);
});

test.each([
  ["it's", "ARGS has a ' without its end."],
  ['say "no', 'ARGS has a " without its end.'],
  ["one\\", "ARGS has a \\ without a character after it."],
  ['{"a": 1}', "ARGS has JSON that would lose its quotes and be split."],
  ["--names=['a', 'b']", "ARGS has JSON"],
])("the text %j is refused with how to give words one by one", (text, message) => {
  expect(() => wordsOf("ARGS", text)).toThrow(message);
  expect(() => wordsOf("ARGS", text)).toThrow(`tools/spark-cluster submit -- job.py '{"a": 1}'`);
  expect(() => wordsOf("OPTIONS", text)).toThrow("tools/spark-cluster submit --option=--conf");
});
