import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { clientCommand } from "../../engine/cli";
import { hasImage } from "../../engine/builds";
import { shellExports } from "../../images/buildSecrets";
import { writeSboms } from "../commands/sbom";
import { startEngine } from "../machine/machine";
import { root } from "../programs";
import { sbomFile, StackImage, stackImages } from "../stack/images";
import { configOf, OpenStack } from "../stack/openStack";
import { Ended, Finding, lastLine, ofApt, ofGo, ofGrype, ofNpm, ofPip, readAccepted, report, Unasked } from "./advisories";
import { knownFiles } from "./lint";
import { pythonTools } from "./pythonTools";
import { scanner } from "./scanner";

/** Timeout of one command in milliseconds: downloads take minutes. */
const patience = 1_200_000;

/**
 * Queries each source of advisories for all pinned versions, and prints its findings, or that it did not respond.
 *
 * The exit code is 0 if all sources responded without an unaccepted advisory, 3 if there is an unaccepted advisory, 2 if there is
 * none but not all sources responded.
 */
export function audit(stack: OpenStack): void {
  startEngine(stack.engine);
  const images = stackImages(stack);
  const accepted = readAccepted(readFileSync(join(__dirname, "advisories-accepted.txt"), "utf8"));
  const sources: Readonly<Record<string, () => Finding[]>> = {
    "npm's packages, by npm": npm,
    "Python's packages, by PyPI": python,
    "Go's modules, by Go": go,
    "Debian's packages, by Debian": () => debian(stack, images),
    "Everything in the images, by grype": () => inImages(stack, images),
  };
  let known = 0;
  let unasked = 0;
  for (const [source, query] of Object.entries(sources)) {
    const { lines, known: open } = report(source, query, accepted);
    console.log(lines.join("\n"));
    known += open ?? 0;
    unasked += open === undefined ? 1 : 0;
  }
  console.log(`\n${known} known, ${unasked} of ${Object.keys(sources).length} sources not asked.`);
  process.exitCode = known > 0 ? 3 : unasked > 0 ? 2 : 0;
}

function ended(program: string, args: readonly string[], input = ""): Ended & { readonly good: boolean } {
  const options = { cwd: root, encoding: "utf8", timeout: patience, maxBuffer: 512 * 1024 * 1024, input } as const;
  const { stdout, stderr, status, error } = spawnSync(program, args, options);
  return error === undefined ? { stdout, stderr, good: status === 0 } : { stdout: "", stderr: error.message, good: false };
}

function npm(): Finding[] {
  return ofNpm(ended("npm", ["audit", "--json"]));
}

/** Audits each lock file by itself, because the packages of two Spark versions are never installed together. */
function python(): Finding[] {
  const interpreter = join(pythonTools("pip-audit", join(__dirname, "audit.txt")), "python");
  const lockFiles = knownFiles("*.txt").filter((file) => readFileSync(join(root, file), "utf8").includes("--hash=sha256:"));
  const options = ["--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json", "--requirement"];
  return lockFiles.flatMap((file) => ofPip(ended(interpreter, ["-m", "pip_audit", ...options, file])));
}

/** Programs that are built here from Go modules: the folder, then flags and packages. */
const goPrograms = [
  ["tools/pulumi/docker-provider", "-tags=no_compose", ".", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
  [
    "tools/checks/scanners",
    "github.com/anchore/syft/cmd/syft",
    "github.com/anchore/grype/cmd/grype",
    "golang.org/x/vuln/cmd/govulncheck",
  ],
  ["images/object-store", "."],
] as const;

function go(): Finding[] {
  const govulncheck = scanner("govulncheck");
  const check = (...options: string[]) =>
    goPrograms.flatMap(([folder, ...what]) =>
      ofGo(ended(govulncheck, [...options, "-C", folder, "-scan=package", "-format=json", ...what])),
    );
  try {
    return check();
  } catch (error) {
    // The same advisories are also a Go module, available wherever Go modules are.
    const database = advisoriesOfGo();
    if (database === undefined) {
      throw error;
    }
    return check(`-db=file://${database}`);
  }
}

/** A folder with Go's current advisories; undefined if they cannot be downloaded. */
function advisoriesOfGo(): string | undefined {
  const module = "golang.org/x/vulndb";
  const download = ended("go", ["mod", "download", "-json", `${module}@latest`]);
  if (!download.good) {
    return undefined;
  }
  const { Dir: source, Version: version } = JSON.parse(download.stdout) as { readonly Dir: string; readonly Version: string };
  const database = join(root, "node_modules/.cache", `go-advisories-${version}`);
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
function debian(stack: OpenStack, images: readonly StackImage[]): Finding[] {
  const { name: stackName, engine } = stack;
  const script = `${shellExports(configOf(stack).packageSources)}
echo 'APT::Get::Simulate "true";' > /etc/apt/apt.conf.d/simulate
apt-install --upgrade
`;
  // All other images have the packages of these two.
  const ofPackages = images.filter(({ name }) => name === "base" || name === "catalog");
  return ofPackages.flatMap(({ reference }) => {
    if (!hasImage(engine, reference)) {
      throw new Unasked(`${reference} is not on the engine: make up STACK=${stackName}`);
    }
    const [client, ...run] = clientCommand(engine, "run", "--rm", "--interactive", "--user", "0", reference, "sh", "-eu");
    return ofApt(ended(client, run, script));
  });
}

/** Everything in the images, checked against grype's database. The database is updated first, because the rest takes minutes. */
function inImages(stack: OpenStack, images: readonly StackImage[]): Finding[] {
  const grype = scanner("grype");
  const update = ended(grype, ["db", "update"]);
  if (!update.good) {
    throw new Unasked(lastLine(update.stderr));
  }
  writeSboms(stack, "");
  const query = (image: StackImage) => [`sbom:${sbomFile(image)}`, "--only-fixed", "--output", "json"];
  return images.flatMap((image) => ofGrype(ended(grype, query(image))));
}
