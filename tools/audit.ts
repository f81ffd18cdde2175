// Queries each source of advisories for the pinned versions, and prints its findings, or that it did not respond.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { ConfigError } from "../config/problem";
import { clientCommand } from "../engine/cli";
import { Engine } from "../engine/engine";
import { askEngine } from "../engine/facts";
import { hasImage } from "../engine/images";
import { shellExports } from "../images/buildSecrets";
import { Answer, Ended, ofApt, ofGo, ofGrype, ofNpm, ofPip, lastLine, readAccepted, report, together } from "./advisories";
import { sbomFile, StackImage, stackImages } from "./images";
import { clusterConfig, configValues, engineOf, stack } from "./stack";

/** Timeout of one command in milliseconds: building a scanner takes minutes. */
const patience = 1_200_000;

function ended(program: string, args: readonly string[], input = ""): Ended & { readonly good: boolean } {
  const maxBuffer = 512 * 1024 * 1024;
  const { stdout, stderr, status, error } = spawnSync(program, args, { encoding: "utf8", timeout: patience, maxBuffer, input });
  return error === undefined ? { stdout, stderr, good: status === 0 } : { stdout: "", stderr: error.message, good: false };
}

function npm(): Answer {
  return ofNpm(ended("npm", ["audit", "--json"]));
}

/** Audits each lock file by itself, because the packages of two Spark versions are never installed together. */
function python(): Answer {
  const lockFiles = ended("git", ["ls-files", "*.txt"])
    .stdout.split("\n")
    .filter((file) => file !== "" && readFileSync(file, "utf8").includes("--hash=sha256:"));
  const options = ["--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json", "--requirement"];
  return together(lockFiles.map((file) => ofPip(ended("node_modules/.cache/pip-audit/bin/pip-audit", [...options, file]))));
}

/** Programs that are built here from Go modules: the folder, then flags and packages. */
const goPrograms = [
  ["tools/pulumi/cli", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
  ["tools/pulumi/docker-provider", "-tags=no_compose", "."],
  [
    "tools/scanners",
    "github.com/anchore/syft/cmd/syft",
    "github.com/anchore/grype/cmd/grype",
    "golang.org/x/vuln/cmd/govulncheck",
  ],
] as const;

function go(): Answer {
  const scanner = ended("tools/scanner.sh", ["govulncheck"]);
  if (!scanner.good) {
    return { unasked: scanner.stderr.trim() };
  }
  const check = (...options: string[]) =>
    together(
      goPrograms.map(([folder, ...what]) =>
        ofGo(ended(scanner.stdout.trim(), [...options, "-C", folder, "-scan=package", "-format=json", ...what])),
      ),
    );
  const answer = check();
  if (!("unasked" in answer)) {
    return answer;
  }
  // The same advisories are also a Go module, available wherever Go modules are.
  const database = advisoriesOfGo();
  return database === undefined ? answer : check(`-db=file://${database}`);
}

/** A folder with Go's current advisories; undefined if they cannot be downloaded. */
function advisoriesOfGo(): string | undefined {
  const module = "golang.org/x/vulndb";
  const download = ended("go", ["mod", "download", "-json", `${module}@latest`]);
  if (!download.good) {
    return undefined;
  }
  const { Dir: source, Version: version } = JSON.parse(download.stdout) as { readonly Dir: string; readonly Version: string };
  const database = join(process.cwd(), "node_modules/.cache", `go-advisories-${version}`);
  if (!existsSync(join(database, "index/db.json"))) {
    rmSync(database, { recursive: true, force: true });
    const made = ended("go", ["run", `${module}/cmd/indexdb@${version}`, "-vulns", join(source, "data/osv"), "-out", database]);
    if (!made.good) {
      rmSync(database, { recursive: true, force: true });
      return undefined;
    }
  }
  return database;
}

/** Queries Debian's archive for security updates of the images' packages. */
function debian(engine: Engine, images: readonly StackImage[], sources: string): Answer {
  const script = `${sources}
echo 'APT::Get::Simulate "true";' > /etc/apt/apt.conf.d/simulate
apt-install --upgrade
`;
  // All other images have the packages of these two.
  const ofPackages = images.filter(({ name }) => name === "base" || name === "catalog");
  return together(
    ofPackages.map(({ reference }) => {
      if (!hasImage(engine, reference)) {
        return { unasked: `${reference} is not on the engine: make up STACK=${stack}` };
      }
      const [client, ...run] = clientCommand(engine, "run", "--rm", "--interactive", "--user", "0", reference, "sh", "-eu");
      return ofApt(ended(client, run, script));
    }),
  );
}

/** Everything in the images, checked against grype's database. The database is updated first, because the rest takes minutes. */
function inImages(images: readonly StackImage[]): Answer {
  const scanner = ended("tools/scanner.sh", ["grype"]);
  const grype = scanner.stdout.trim();
  for (const step of [() => scanner, () => ended(grype, ["db", "update"]), () => ended("tools/sbom.sh", [stack])]) {
    const { good, stderr } = step();
    if (!good) {
      return { unasked: lastLine(stderr) };
    }
  }
  return together(images.map((image) => ofGrype(ended(grype, [`sbom:${sbomFile(image)}`, "--only-fixed", "--output", "json"]))));
}

try {
  const values = configValues();
  const engine = engineOf(values);
  const images = stackImages(values, askEngine(engine).architecture);
  const accepted = readAccepted(readFileSync(join(__dirname, "advisories-accepted.txt"), "utf8"));
  const sources: Readonly<Record<string, () => Answer>> = {
    "npm's packages, by npm": npm,
    "Python's packages, by PyPI": python,
    "Go's modules, by Go": go,
    "Debian's packages, by Debian": () => debian(engine, images, shellExports(clusterConfig(values).packageSources)),
    "Everything in the images, by grype": () => inImages(images),
  };
  const outcomes = Object.entries(sources).map(([source, ask]) => {
    const answer = ask();
    const { lines, known } = report(source, answer, accepted);
    console.log(lines.join("\n"));
    return { known, asked: !("unasked" in answer) };
  });
  const known = outcomes.reduce((sum, each) => sum + each.known, 0);
  const unasked = outcomes.filter(({ asked }) => !asked).length;
  console.log(`\n${known} known, ${unasked} of ${outcomes.length} sources not asked.`);
  process.exitCode = known > 0 ? 3 : unasked > 0 ? 2 : 0;
} catch (error) {
  console.error(error instanceof ConfigError || error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
