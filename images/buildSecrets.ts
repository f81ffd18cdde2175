import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { PackageSources } from "../config/clusterConfig";

/** A build secret: its id in the Dockerfiles, and the file that holds it while the program runs. */
export interface BuildSecret {
  readonly id: string;
  readonly src: string;
}

/**
 * Writes what a build may know of this machine into files that only their owner reads, and takes them away when the program
 * ends, which is after the last build. The same two for every machine, so that no resource changes with their content.
 */
export function writeBuildSecrets(stack: string, sources: PackageSources): BuildSecret[] {
  const folder = join(".build", stack);
  const absolute = resolve(folder); // wherever the program ends
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  process.once("exit", () => {
    rmSync(absolute, { recursive: true, force: true });
  });
  const write = (id: string, content: string): BuildSecret => {
    const src = join(folder, id);
    writeFileSync(src, content, { mode: 0o600 });
    return { id, src };
  };
  return [write("ca-certificates", sources.certificates), write("package-sources", shellExports(sources))];
}

/** The sources as a shell script; the readers of the keys let no quote through. */
function shellExports(sources: PackageSources): string {
  const variables = {
    APT_MIRROR: sources.aptMirror,
    PIP_INDEX_URL: sources.pipIndexUrl,
    http_proxy: sources.httpProxy,
    https_proxy: sources.httpProxy,
    no_proxy: sources.noProxy,
  };
  return Object.entries(variables)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join("");
}
