import { appendFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/**
 * Prints each test of a cluster as it ends, and each test that fails, and writes a line of JSON for each into the file that
 * TEST_RESULTS names, if any. tests/report/summary.mjs prints the sums.
 */
export default class {
  /** @param {import("@jest/types").Config.GlobalConfig} config */
  constructor(config) {
    this.root = config.rootDir;
    this.failed = false;
  }

  /**
   * @param {import("@jest/reporters").Test} test
   * @param {import("@jest/test-result").AssertionResult} result
   */
  onTestCaseResult({ path, context }, { status, fullName, duration, failureMessages }) {
    const suite = context.config.displayName?.name;
    if (status === "pending" || (suite === "unit" && status === "passed")) {
      return;
    }
    const seconds = ((duration ?? 0) / 1000).toFixed(1);
    const how = status === "passed" ? "ok " : isNotRun(failureMessages) ? "not" : "BAD";
    process.stderr.write(`${how} ${seconds.padStart(6)} s  ${relative(this.root, path)}: ${fullName}\n`);
    if (how === "BAD") {
      process.stderr.write(`${indented(failureMessages.join("\n"))}\n`);
    }
  }

  /**
   * @param {import("@jest/reporters").Test} test
   * @param {import("@jest/test-result").TestResult} result
   */
  onTestResult({ path, context }, { testResults, perfStats, testExecError, failureMessage }) {
    const file = relative(this.root, path);
    const suite = context.config.displayName?.name;
    if (testExecError !== undefined && testExecError !== null) {
      const why = failureMessage ?? "";
      process.stderr.write(`BAD ${file}: it could not be run\n${indented(why)}\n`);
      this.write({ kind: "test", suite, file, name: "(could not be run)", status: "failed", seconds: 0, why });
    }
    for (const { fullName, status, duration, failureMessages } of testResults) {
      if (status === "passed" || status === "failed") {
        const why = stripVTControlCharacters(failureMessages.join("\n"));
        const how = isNotRun(failureMessages) ? "not run" : status;
        this.write({ kind: "test", suite, file, name: fullName, status: how, seconds: (duration ?? 0) / 1000, why });
      }
    }
    this.write({ kind: "file", suite, file, seconds: (perfStats.end - perfStats.start) / 1000 });
  }

  /** Coverage below its threshold fails a run in which every test passed. */
  onRunComplete(_contexts, { numFailedTests, numRuntimeErrorTestSuites }) {
    this.failed = numFailedTests + numRuntimeErrorTestSuites > 0;
  }

  write(line) {
    if (process.env.TEST_RESULTS !== undefined) {
      appendFileSync(process.env.TEST_RESULTS, `${JSON.stringify(line)}\n`);
    }
  }
}

/** As helpers/notRun.ts names the error. */
function isNotRun(messages) {
  return messages.length > 0 && messages.every((message) => message.startsWith("NotRun: "));
}

/** Without colours, and without the frames of a stack that are not of this project. */
function indented(text) {
  return stripVTControlCharacters(text)
    .split("\n")
    .filter((line) => !/^ +at .*(node_modules|node:)/.test(line))
    .map((line) => `    ${line}`)
    .join("\n");
}
