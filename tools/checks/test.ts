import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { schema } from "../../config/schema";
import { EngineKind, findEngine } from "../../engine/engine";
import { Failure } from "../failure";
import { provideBaseImage, startEngine } from "../machine/machine";
import { root, runProgram } from "../programs";
import { lint } from "./lint";

export type SuiteName = "unit" | "lint" | "core" | "extended";

/** What `make test-clusters` selects. Empty text selects everything. */
export interface Selection {
  /** Files of core and extended, as alternatives of a regular expression: `life|tour`. */
  readonly files: string;
  /** A part of the tests' names, as a regular expression. */
  readonly names: string;
  /** The number of files that run at the same time. */
  readonly lanes: string;
}

/**
 * Runs suites: unit, lint, core (clusters of the first tier) and extended (clusters of the second tier). Every suite runs, even if
 * another fails. Prints the failures, the seconds of each suite, and "N passed, N failed" at the end.
 *
 * @throws {Failure} without a message if anything failed.
 */
export function test(suites: readonly SuiteName[], selection: Selection): void {
  const wants = (name: SuiteName) => suites.includes(name);
  const folder = mkdtempSync(join(tmpdir(), "spark-cluster-results-"));
  const results = join(folder, "results");
  process.env.TEST_RESULTS = results; // Jest's reporter writes its tests there
  try {
    appendFileSync(results, "");
    if (wants("unit")) {
      suite(results, "unit", () => {
        jest("--selectProjects", "unit", "--coverage", "--coverageReporters", "text-summary", "--maxWorkers", "100%");
      });
    }
    if (wants("lint")) {
      suite(results, "lint", lint);
    }
    const clusters = (["core", "extended"] as const).filter(wants);
    if (clusters.length > 0 && suite(results, "engines and programs for the tests", prepareClusters)) {
      suite(results, clusters.join(" "), () => {
        testClusters(clusters, selection);
      });
    }
    const { status } = spawnSync("node", ["tests/report/summary.mjs", results], { cwd: root, stdio: "inherit" });
    if (status !== 0) {
      throw new Failure("");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs a suite, records it in the file for tests/report/summary.mjs, and returns whether it succeeded. Lint is recorded as one test. Any
 * other suite that fails without a failed test, for example because of low coverage, is recorded as a failed test.
 */
function suite(results: string, name: string, run: () => void): boolean {
  const started = Date.now();
  console.error(`== ${name}`);
  let status = "passed";
  try {
    run();
  } catch (error) {
    if (!(error instanceof Failure && error.message === "")) {
      console.error(error instanceof Failure ? error.message : error);
    }
    status = "failed";
  }
  const record = (kind: string, seconds: number) => {
    appendFileSync(results, `${JSON.stringify({ kind, suite: name, file: name, name, status, seconds })}\n`);
  };
  const seconds = (Date.now() - started) / 1000;
  if (name === "lint") {
    record("test", seconds);
  } else if (status === "failed" && !/"status":"(failed|not run)"/.test(readFileSync(results, "utf8"))) {
    record("test", 0);
  }
  record("suite", seconds);
  return status === "passed";
}

/** Runs a program and shows only its stderr. */
function must(program: string, args: readonly string[], env = process.env): void {
  runProgram(program, args, { env, stdio: ["ignore", "ignore", "inherit"] });
}

/** Jest's reporter prints a line for each test that ends. --forceExit, because tests of clusters may leave a connection open. */
function jest(...options: string[]): void {
  must("npx", ["--no-install", "jest", ...options, "--forceExit"]);
}

function testClusters(clusters: readonly string[], { files, names, lanes }: Selection): void {
  jest(
    ...["--selectProjects", ...clusters],
    ...(files === "" ? [] : ["--testPathPatterns", `tests/.*/(${files})[.]test`]),
    ...(names === "" ? [] : ["--testNamePattern", names]),
    ...["--maxWorkers", lanes],
  );
}

function prepareClusters(): void {
  prepareEngine("docker");
  prepareEngine("podman");
  buildImages();
  provide("chromium", "chromium", "fonts-dejavu-core");
  provide("docker-registry", "docker-registry");
  provide("nginx", "nginx-light");
  provide("ssh", "openssh-client");
}

function prepareEngine(kind: EngineKind): void {
  const engine = findEngine(kind, undefined);
  startEngine(engine);
  provideBaseImage(engine, schema.baseImage.default);
}

/** Builds the images on Docker once. Otherwise each cluster that starts at the same time would build and tag them. */
function buildImages(): void {
  const stack = "test-images";
  const home = mkdtempSync(join(tmpdir(), "spark-cluster-images-"));
  try {
    must("tools/spark-cluster", ["build", "--engine", "docker", "--stack", stack], { ...process.env, SPARK_CLUSTER_HOME: home });
  } finally {
    rmSync(home, { recursive: true, force: true });
    rmSync(join(root, `Pulumi.${stack}.yaml`), { force: true });
  }
}

/** Installs the Debian packages of a command that tests use, if it is missing. */
function provide(command: string, ...packages: string[]): void {
  if (spawnSync("sh", ["-c", 'command -v "$0"', command]).status === 0) {
    return;
  }
  console.error(`Installing ${packages.join(" and ")} for the tests ...`);
  const apt = (...args: string[]) => {
    must("apt-get", ["--option", "DPkg::Lock::Timeout=300", ...args], { ...process.env, DEBIAN_FRONTEND: "noninteractive" });
  };
  apt("update", "--quiet");
  apt("install", "--quiet", "--yes", "--no-install-recommends", ...packages);
}
