import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ask } from "../../engine/cli";
import type { Engine } from "../../engine/engine";
import { askEngine } from "../../engine/facts";
import { Failure } from "../failure";
import { root } from "../programs";
import { lockPackages } from "./lock";

const folder = join("images", "spark-base");
/** What decides where a build finds its packages, and the engine. */
const sources = "engine baseImage caCertificates pipIndexUrl aptMirror mavenMirror httpProxy noProxy".split(" ");

/** The version whose requirements another one begins with: the next lower one, or the lowest. */
export function modelOf(version: string, known: readonly string[]): string {
  const compare = (one: string, other: string) => one.localeCompare(other, undefined, { numeric: true });
  const sorted = [...known].sort(compare);
  return sorted.filter((each) => compare(each, version) < 0).at(-1) ?? sorted[0] ?? "";
}

/**
 * Adds a version of Spark: its requirements, which can be edited before the command is repeated; their lock file; the values of the
 * key sparkVersion; and the checksums of the jars that S3A needs with its Hadoop. Requirements and checksums that exist stay. For the
 * checksums it builds the version's spark-base, on the engine and with the package sources of a stack.
 *
 * @throws {Failure} with one line if that is no version, if PyPI does not have it, or if its packages do not fit together.
 */
export async function addSpark(version: string, stack: string): Promise<void> {
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Failure(`${version} is not a version of Spark, which is written like 4.3.0.`);
  }
  writeLock(version);
  // Loaded only now, because they read the list of versions.
  const { readme } = await import("./readme");
  readme();
  const image = await buildSparkBase(version, stack);
  const hadoop = writeSums(image);
  console.error(`Spark ${version} with Hadoop ${hadoop} can be set: pulumi config set sparkVersion ${version}`);
}

/** Writes the version's requirements, and locks them. */
function writeLock(version: string): void {
  const file = (name: string) => join(root, folder, "python", name);
  const isNew = !existsSync(file(`${version}.in`));
  if (isNew) {
    const known = readdirSync(file(".")).flatMap((name) => /^(\d[\d.]+)\.txt$/.exec(name)?.[1] ?? []);
    const model = modelOf(version, known);
    writeFileSync(file(`${version}.in`), readFileSync(file(`${model}.in`), "utf8").replaceAll(model, version));
    copyFileSync(file(`${model}.txt`), file(`${version}.txt`)); // the other packages keep their versions
  }
  try {
    lockPackages(join(folder, "python", `${version}.in`));
  } catch (error) {
    if (isNew) {
      rmSync(file(`${version}.in`));
      rmSync(file(`${version}.txt`));
    }
    throw error;
  }
}

interface Built {
  readonly engine: Engine;
  readonly reference: string;
}

/** Builds spark-base in a stack of its own, so the given one stays as it is. */
async function buildSparkBase(version: string, given: string): Promise<Built> {
  const { configOf, fileOf, openStack, valueOf } = await import("../stack/openStack");
  const { buildImages } = await import("./build");
  const { planImages } = await import("../../images/plan");
  const from = await openStack(given, { create: true });
  const config = Object.entries(await from.pulumi.getAllConfig()).filter(
    ([key]) => key === "docker:host" || sources.some((source) => key === `spark-cluster:${source}`),
  );
  const name = "add-spark";
  const { pulumi } = await openStack(name, { create: true });
  try {
    await pulumi.setAllConfig({ ...Object.fromEntries(config), sparkVersion: { value: version } });
    const stack = await openStack(name);
    await buildImages(stack, ["base", "spark-base"]);
    process.env.MAVEN_MIRROR = valueOf(stack, "mavenMirror");
    process.env.https_proxy = valueOf(stack, "httpProxy");
    process.env.no_proxy = valueOf(stack, "noProxy");
    const plan = planImages(configOf(stack, askEngine(stack.engine).architecture).images);
    return { engine: stack.engine, reference: plan["spark-base"].reference };
  } finally {
    await pulumi.workspace.removeStack(name, { force: true }); // its images stay
    rmSync(join(root, fileOf(name)), { force: true });
  }
}

/** Writes the checksums of the jars for S3, unless the version's Hadoop has them already. Returns that Hadoop. */
function writeSums({ engine, reference }: Built): string {
  const jars = ask(engine, "run", "--rm", reference, "ls", "/opt/spark/jars");
  const hadoop = /^hadoop-client-api-(.+)\.jar$/m.exec(jars)?.[1];
  if (hadoop === undefined) {
    throw new Failure("This Spark has no hadoop-client-api, by which the version of S3A is chosen.");
  }
  const file = join(root, folder, "s3-jars", `${hadoop}.sha256`);
  if (!existsSync(file)) {
    const environment = ["S3=true", "EXTRA_JARS=", "MAVEN_MIRROR", "https_proxy", "no_proxy"].flatMap((each) => ["--env", each]);
    writeFileSync(file, ask(engine, "run", "--rm", "--user", "0", ...environment, reference, "extra-jars", "--sums"));
  }
  return hadoop;
}
