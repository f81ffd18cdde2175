import fc from "fast-check";

import { jarProblems, pythonPackageProblems } from "../../../config/packages";
import { readConfig } from "../../../config/reader";
import { problemsOf, source } from "../helpers/stackConfig";

const keys = [
  ["extraPythonPackages", pythonPackageProblems],
  ["extraJars", jarProblems],
] as const;

test("packages and jars go into the images", () => {
  const written = { extraPythonPackages: ["delta-spark==4.4.0", "six"], extraJars: ["io.delta:delta-spark_4.1_2.13:4.4.0"] };
  expect(readConfig(source(written)).images).toMatchObject(written);
});

test.each([
  "six",
  "delta-spark==4.4.0",
  "zope.interface>=5,<7",
  "uvicorn[standard]==0.30.1",
  "fastapi[all,test]~=0.115",
  "A==1!2.0.post1+local-3",
  "x===2024a",
  "pandas!=2.1.*",
])("%s is a requirement", (requirement) => {
  expect(pythonPackageProblems([requirement])).toEqual([]);
});

test.each([
  "",
  "-r/etc/passwd",
  "--index-url=http://x",
  "six==",
  "six=1.0",
  "six; python_version>'3'",
  "six @ https://example.com/six.whl",
  "git+https://example.com/six",
  "./six",
  "six==1.0\nrequests",
  "six==$(reboot)",
  "six==1.0 --hash=sha256:0",
  "x".repeat(101),
])("%j is no requirement", (requirement) => {
  expect(pythonPackageProblems(["pytz", requirement])).toMatchObject([{ key: "extraPythonPackages[1]" }]);
});

test.each(["org.postgresql:postgresql:42.7.7", "a:b_2.13:1.0-alpha+1", "com.x:y:20240101", `a:b:1@sha256:${"0a".repeat(32)}`])(
  "%s are coordinates",
  (coordinates) => {
    expect(jarProblems([coordinates])).toEqual([]);
  },
);

test.each([
  "a:b",
  "a:b:c:1:d",
  "a:b:",
  ":b:1",
  "a b:c:1",
  "a:b:[1,2)",
  'a:b:1"/>',
  "a:../b:1",
  "a:b:1\n",
  "a:b:1@sha256:0a",
  `a:b:1@${"0a".repeat(32)}`,
  "https://x/y.jar",
])("%j are no coordinates", (coordinates) => {
  expect(jarProblems([coordinates])).toMatchObject([{ key: "extraJars[0]" }]);
});

test("a problem has the place, what is allowed, and a command; spaces are nearly right", () => {
  expect(pythonPackageProblems(["six", "delta-spark >= 4, < 5", "rm -rf /"])).toEqual([
    {
      key: "extraPythonPackages[1]",
      value: '"delta-spark >= 4, < 5"',
      allowed: "a package's name with its version, and nothing else, such as delta-spark==4.4.0",
      mend: "pulumi config set --path 'extraPythonPackages[1]' 'delta-spark>=4,<5'",
    },
    {
      key: "extraPythonPackages[2]",
      value: '"rm -rf /"',
      allowed: "a package's name with its version, and nothing else, such as delta-spark==4.4.0",
      mend: "pulumi config set --path 'extraPythonPackages[2]' 'NAME==VERSION'",
    },
  ]);
});

test.each(["six", "{}", "[1]", '[["six"]]', "null", JSON.stringify(Array(101).fill("six"))])("%s is no list of them", (text) => {
  for (const [key] of keys) {
    expect(problemsOf(source({ [key]: text }))).toMatchObject([{ key, mend: `pulumi config rm ${key}` }]);
  }
});

test("a list may be long", () => {
  expect(problemsOf(source({ extraPythonPackages: Array(100).fill("six") }))).toEqual([]);
});

test("what is let through means nothing to a shell, to XML or to a properties file, and is one word", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...Array.from("ab1.:=<>~![],;$`'\"\\&|(){}#*? \n\t-_+/@")), maxLength: 40 }),
    fc.tuple(fc.constantFrom("six==1.0", "a:b:1"), fc.string({ maxLength: 3 })).map(([good, rest]) => good + rest),
  );
  for (const [, problems] of keys) {
    fc.assert(
      fc.property(hostile, (text) => {
        const plain = /^[A-Za-z0-9][\w.:=<>~![\],*+-]*$/.test(text) && text.length <= 5000;
        return plain || problems([text]).length === 1;
      }),
      { numRuns: 2000 },
    );
  }
});

test("every command that mends one is one that a shell takes as it is meant", () => {
  for (const [key, problems] of keys) {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        const [problem] = problems([text]);
        const given = problem?.mend.replace(`pulumi config set --path '${key}[0]' `, "");
        return given === undefined || /^'[^']*'$|^[\w.:/@-]+$/.test(given);
      }),
    );
  }
});
