// Writes an SBOM of each of the stack's images on its engine, or of the named one. SYFT is the path of syft.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { ConfigError } from "../config/problem";
import { ask, askUnlessMissing, clientCommand } from "../engine/cli";
import { Engine } from "../engine/engine";
import { askEngine } from "../engine/facts";
import { sbomFile, stackImages } from "./images";
import { configValues, engineOf, stack } from "./stack";

/** Timeout in milliseconds, for saving an image and again for scanning it. */
const patience = 600_000;

/** Saves the image as one archive, which works for a remote engine too. In /var/tmp, because /tmp may be in memory. */
function write(engine: Engine, { reference, file, id }: { reference: string; file: string; id: string }): void {
  const folder = mkdtempSync("/var/tmp/spark-cluster-sbom-");
  try {
    const archive = join(folder, "image.tar");
    const [client, ...args] = clientCommand(engine, "save", "--output", archive, reference);
    execFileSync(client, args, { stdio: ["ignore", "ignore", "inherit"], timeout: patience });
    const source = ["--source-name", reference, "--source-version", id];
    const scan = ["scan", "--quiet", ...source, "--output", `cyclonedx-json=${file}.partial`, `docker-archive:${archive}`];
    const env = { ...process.env, SYFT_CHECK_FOR_APP_UPDATE: "false" };
    execFileSync(process.env.SYFT ?? "syft", scan, { stdio: ["ignore", "ignore", "inherit"], timeout: patience, env });
    renameSync(`${file}.partial`, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether an SBOM is of this very image: another build may have had the same tag. */
function isOf(file: string, id: string): boolean {
  return existsSync(file) && readFileSync(file, "utf8").includes(id);
}

try {
  const values = configValues();
  const engine = engineOf(values);
  const all = stackImages(values, askEngine(engine).architecture);
  const [, , only] = process.argv;
  const wanted = all.filter(({ name }) => only === undefined || name === only);
  if (wanted.length === 0) {
    throw new Error(`Stack ${stack} has no image ${String(only)}. It has ${all.map(({ name }) => name).join(", ")}.`);
  }
  mkdirSync("sbom", { recursive: true });
  for (const image of wanted) {
    const file = sbomFile(image);
    if (askUnlessMissing(engine, "image", "inspect", image.reference) === undefined) {
      throw new Error(`${image.reference} is not on the engine ${engine.host}: make up STACK=${stack} brings it there.`);
    }
    const id = ask(engine, "image", "inspect", "--format", "{{.Id}}", image.reference).trim().replace("sha256:", "");
    if (!isOf(file, id)) {
      console.log(`Looking through ${image.reference} ...`);
      write(engine, { ...image, file, id });
    }
    console.log(file);
  }
} catch (error) {
  console.error(error instanceof ConfigError || error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
