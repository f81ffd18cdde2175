import { existsSync } from "node:fs";
import { join } from "node:path";

/** The folder with package.json and images/. The JavaScript of the published package is one folder deeper than the sources. */
export function packageRoot(): string {
  const parent = join(__dirname, "..");
  return existsSync(join(parent, "package.json")) ? parent : join(parent, "..");
}
