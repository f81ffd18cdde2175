import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { askUnlessMissing, clientCommand } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { scanner } from "../checks/scanner";
import { Failure } from "../failure";
import { startEngine } from "../machine/machine";
import { root } from "../programs";
import { sbomFile, stackImages } from "../stack/images";
import { OpenStack } from "../stack/openStack";

/** Timeout in milliseconds, for saving an image and again for scanning it. */
const patience = 600_000;

/**
 * Writes an SBOM of each of the stack's images, or of one of them, into sbom/: Debian, Python and Maven packages. An SBOM that
 * already exists for the same image stays.
 *
 * @param image The name of an image; all images if it is empty.
 */
export function sbom(stack: OpenStack, { image }: { readonly image: string }): void {
  writeSboms(stack, image).forEach((file) => {
    console.log(file);
  });
}

/** As {@link sbom}, and returns the names of the files. */
export function writeSboms(stack: OpenStack, only: string): string[] {
  const { name, engine } = stack;
  const syft = scanner("syft");
  startEngine(engine);
  const all = stackImages(stack);
  const wanted = all.filter((image) => only === "" || image.name === only);
  if (wanted.length === 0) {
    throw new Failure(`Stack ${name} has no image ${only}. It has ${all.map((image) => image.name).join(", ")}.`);
  }
  mkdirSync(join(root, "sbom"), { recursive: true });
  return wanted.map((image) => {
    const { reference } = image;
    const file = sbomFile(image);
    const id = askUnlessMissing(engine, "image", "inspect", "--format", "{{.Id}}", reference)?.trim().replace("sha256:", "");
    if (id === undefined) {
      throw new Failure(`${reference} is not on the engine ${engine.host}: make up STACK=${name} brings it there.`);
    }
    if (!isOf(join(root, file), id)) {
      console.error(`Looking through ${reference} ...`);
      write(engine, { reference, file: join(root, file), id, syft });
    }
    return file;
  });
}

/** Saves the image as one archive, which works for a remote engine too. In /var/tmp, because /tmp may be in memory. */
function write(
  engine: Engine,
  { reference, file, id, syft }: Readonly<Record<"reference" | "file" | "id" | "syft", string>>,
): void {
  const folder = mkdtempSync("/var/tmp/spark-cluster-sbom-");
  try {
    const archive = join(folder, "image.tar");
    const [client, ...args] = clientCommand(engine, "save", "--output", archive, reference);
    execFileSync(client, args, { stdio: ["ignore", "ignore", "inherit"], timeout: patience });
    const source = ["--source-name", reference, "--source-version", id];
    const scan = ["scan", "--quiet", ...source, "--output", `cyclonedx-json=${file}.partial`, `docker-archive:${archive}`];
    const env = { ...process.env, SYFT_CHECK_FOR_APP_UPDATE: "false" };
    execFileSync(syft, scan, { stdio: ["ignore", "ignore", "inherit"], timeout: patience, env });
    renameSync(`${file}.partial`, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether an SBOM is of this very image: another build may have had the same tag. */
function isOf(file: string, id: string): boolean {
  return existsSync(file) && readFileSync(file, "utf8").includes(id);
}
