import { join } from "node:path";

import { readConfig } from "../../../config/reader";
import { source } from "../../../testbed/stackConfig";
import { temporaryFolder, write } from "../helpers/folders";
import { problemsOf } from "../helpers/problems";

/** Writes a requirements file, and the configuration that names it. */
function requirements(content: string): Record<string, string> {
  const path = join(temporaryFolder(), "requirements.txt");
  write(path, content);
  return { pythonRequirements: path };
}

test("a requirements file is taken as pip reads it, without its comments", () => {
  const hash = `--hash=sha256:${"0a".repeat(32)}`;
  const content = [
    ...["\ufeff# locked by pip-compile", "--extra-index-url https://me:pw@pip.example.com/simple", "six==1.17.0 # as always", ""],
    ...[`humanize[a, b] >= 4, < 5 ; python_version > "3.8" \\`, `    ${hash} \\`, `    ${hash}`, "    # via -r app.in"],
    ...["torch @ https://example.com/torch-2.7.1-cp311.whl#sha256=0a", "--only-binary :all:"],
    ...["git+https://example.com/birds.git@v1", "nests[all] @ git+https://example.com/nests.git"],
    ...["https://example.com/six-1.17.0-py3-none-any.whl", "-f https://example.com/wheels?key=${REQUIREMENTS_KEY}"],
  ];
  process.env.REQUIREMENTS_KEY = "k3y";
  expect(readConfig(source(requirements(content.join("\r\n")))).images.requirements.split("\n")).toEqual([
    ...["--extra-index-url https://me:pw@pip.example.com/simple", "six==1.17.0"],
    `humanize[a, b] >= 4, < 5 ; python_version > "3.8" ${hash} ${hash}`,
    ...["torch @ https://example.com/torch-2.7.1-cp311.whl#sha256=0a", "--only-binary :all:"],
    ...["git+https://example.com/birds.git@v1", "nests[all] @ git+https://example.com/nests.git"],
    ...["https://example.com/six-1.17.0-py3-none-any.whl", "-f https://example.com/wheels?key=k3y", ""],
  ]);
});

test("files that it includes are taken from where it is", () => {
  const written = requirements("-r more/ml.txt\n--requirement=more/plots.txt\nsix\n");
  const folder = join(written.pythonRequirements ?? "", "..");
  write(join(folder, "more/ml.txt"), "scikit-learn\n-r base.txt\n");
  write(join(folder, "more/base.txt"), "scipy\n");
  write(join(folder, "more/plots.txt"), "plotly");
  expect(readConfig(source(written)).images.requirements).toBe("scikit-learn\nscipy\nplotly\nsix\n");
});

test.each([
  ...[
    "-e .",
    "--editable=git+https://example.com/six",
    "-c constraints.txt",
    "--find-links wheels",
    "./six",
    "../lib",
    "/srv/six",
  ],
  ...["git+ssh://example.com/six.git", "six @ git+file:///srv/six", "six @ file:///srv/six", "six-1.0-py3-none-any.whl"],
  ...["six-1.0.tar.gz", "-r https://example.com/requirements.txt", "<<<<<<< HEAD"],
])("%s is refused with its line, because a build does not have it", (line) => {
  const [problem, ...more] = problemsOf(source(requirements(`six\n\n# x\n${line}\n`)));
  expect(more).toEqual([]);
  expect(problem).toMatchObject({ key: "pythonRequirements", value: `"${line}"`, fix: "pulumi config rm pythonRequirements" });
  expect(problem?.allowed).toMatch(/^line 4 of ".*: a build takes packages of an index, of web addresses and of git/);
});

test("a variable that is not set is named, and no password is shown", () => {
  const line = "git+https://t0ken@example.com/six.git?key=${UNSET_KEY}";
  expect(problemsOf(source(requirements(line)))).toMatchObject([
    {
      value: '"git+https://***@example.com/six.git?key=${UNSET_KEY}"',
      allowed: expect.stringMatching(/variable UNSET_KEY of this shell$/) as string,
    },
  ]);
});

test.each([
  ["a file that is not there", () => ({ pythonRequirements: "nowhere.txt" }), "can be read"],
  ["a folder", () => ({ pythonRequirements: temporaryFolder() }), "can be read"],
  ["a file that includes itself", () => requirements("-r requirements.txt"), "can be read"],
  ["a file of comments", () => requirements("# six\n"), "at least one requirement"],
  ["a file that is too long for a build", () => requirements("six\n".repeat(200_000)), "at most 500 KiB"],
])("%s is refused", (_, written, allowed) => {
  expect(problemsOf(source(written()))).toMatchObject([
    { key: "pythonRequirements", allowed: expect.stringContaining(allowed) as string },
  ]);
});
