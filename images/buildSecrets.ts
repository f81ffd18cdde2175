import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { PackageSources } from "../config/clusterConfig";

/** A build secret: its id in the Dockerfiles, and the file that holds it while the program runs. */
export interface BuildSecret {
  readonly id: string;
  readonly src: string;
}

const ids = ["ca-certificates", "package-sources"] as const;

/** The secrets of a stack's builds: the same two on every machine, so no resource changes with their content. */
export function buildSecretsOf(stack: string): BuildSecret[] {
  return ids.map((id) => ({ id, src: join(".build", stack, id) }));
}

/**
 * Writes this machine's certificates and package sources into files that only their owner can read, and deletes them when the
 * program ends, after the last build. Not for a preview, which may run during an update and would delete the update's files.
 */
export function writeBuildSecrets(stack: string, sources: PackageSources): void {
  const folder = resolve(".build", stack);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  process.once("SIGTERM", () => process.exit(143)); // by default, SIGTERM skips the handler above
  const contents = { "ca-certificates": sources.certificates, "package-sources": shellExports(sources) };
  for (const id of ids) {
    writeFileSync(join(folder, id), contents[id], { mode: 0o600 });
  }
}

/** The sources as a shell script. The checks of the keys reject quotes, so the values need no escaping. */
export function shellExports(sources: PackageSources): string {
  const variables = {
    APT_MIRROR: sources.aptMirror,
    MAVEN_MIRROR: sources.mavenMirror,
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
