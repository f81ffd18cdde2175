import { Failure } from "../failure";

/** What of `make submit` has several words, each with how they are given one by one. */
const oneByOne = {
  ARGS: `tools/spark-cluster submit -- job.py '{"a": 1}' "it's"`,
  OPTIONS: `tools/spark-cluster submit --option=--conf --option="spark.a=it's" -- job.py`,
  ENV: "tools/spark-cluster submit --env=NAME -- job.py",
};

/**
 * The words of a text, as xargs splits them: at spaces and newlines. Quotes and backslashes keep a word together, and are removed.
 *
 * @throws {Failure} if a quote has no end, or if a quote of JSON would be removed.
 */
export function wordsOf(what: keyof typeof oneByOne, text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  const parts = text.matchAll(/([ \t\n]+)|'([^']*)'|"([^"]*)"|\\([^])|([^ \t\n'"\\]+)|([^])/g);
  for (const [part, space, single, double, escaped, plain, unmatched] of parts) {
    if (unmatched !== undefined) {
      throw new Failure(`${what} has a ${part} without ${part === "\\" ? "a character after it" : "its end"}. ${rule(what)}`);
    }
    if ((single ?? double) !== undefined && /[{[]$/.test(word ?? "")) {
      throw new Failure(`${what} has JSON that would lose its quotes and be split. ${rule(what)}`);
    }
    if (space === undefined) {
      word = (word ?? "") + (single ?? double ?? escaped ?? plain ?? "");
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

function rule(what: keyof typeof oneByOne): string {
  return (
    `${what} is split at spaces. '...', "..." and a backslash before a character keep a word together, and are removed. ` +
    `To give the words one by one, as your shell has them: ${oneByOne[what]}`
  );
}
