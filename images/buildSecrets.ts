import { existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join, resolve } from "node:path";

import { ClusterConfig, PackageSources } from "../config/clusterConfig";
import { shellWord } from "../config/problem";
import { tried } from "../engine/tried";

/** A build secret: its id in the Dockerfiles, and the file that contains it while the program runs. */
export interface BuildSecret {
  readonly id: string;
  readonly src: string;
}

const ids = ["ca-certificates", "package-sources", "python-requirements"] as const;

/** Signals that end a program without its exit handlers. Ctrl-C is SIGINT for a command; Pulumi ends its program with SIGTERM then. */
const signals = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** The secrets of a stack's builds. They are the same files on every machine, so no resource changes with their content. */
export function buildSecretsOf(stack: string): BuildSecret[] {
  return ids.map((id) => ({ id, src: join(".build", stack, id) }));
}

/**
 * Writes the build secrets of this machine into files that only their owner can read, and deletes them when the program ends. Do not
 * call it in a preview: a preview may run during an update, and would delete the update's files.
 *
 * @returns a function that deletes them after the last build: a program that is a plugin is killed and does not come to its end.
 */
export function writeBuildSecrets(
  stack: string,
  { packageSources, images }: Pick<ClusterConfig, "packageSources" | "images">,
): () => void {
  const folder = resolve(".build", stack);
  const remove = () => {
    removeBuildSecrets(folder);
  };
  asOwner(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  const atExit = () => tried(remove);
  const onSignal = (signal: (typeof signals)[number]) => {
    atExit();
    if (process.listenerCount(signal) === 0) {
      process.exit(128 + constants.signals[signal]); // a program with a handler of its own ends as it wants to
    }
  };
  process.once("exit", atExit);
  signals.forEach((signal) => process.once(signal, onSignal));
  const contents = {
    "ca-certificates": packageSources.certificates,
    "package-sources": shellExports(packageSources),
    "python-requirements": images.requirements,
  };
  asOwner(folder, () => {
    for (const id of ids) {
      writeFileSync(join(folder, id), contents[id], { mode: 0o600 });
    }
  });
  return () => {
    process.off("exit", atExit);
    signals.forEach((signal) => process.off(signal, onSignal));
    remove();
  };
}

/** Removes the folder of a stack's build secrets, and the folder above it once it is empty: the next run may be another user's. */
export function removeBuildSecrets(folder: string): void {
  asOwner(folder, () => {
    rmSync(folder, { recursive: true, force: true });
  });
  tried(() => {
    rmdirSync(dirname(folder)); // fails if another stack has secrets
  });
}

/** Changes a folder of build secrets. @throws with the command that helps if files of another user are in the way. */
function asOwner(folder: string, change: () => void): void {
  try {
    change();
  } catch (error) {
    const all = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== "EACCES" || !existsSync(all)) {
      throw error;
    }
    tried(() => {
      rmdirSync(all); // an empty one, which an earlier version left
    });
    if (existsSync(all)) {
      const command = `sudo rm -r ${shellWord(all)}`;
      throw new Error(`${all} has files of another user, as after sudo make up. Remove it: ${command}`, { cause: error });
    }
    change();
  }
}

/** The sources as a shell script. The readers of the keys reject quotes. */
export function shellExports(sources: PackageSources): string {
  const variables = {
    APT_MIRROR: sources.aptMirror,
    GOPROXY: sources.goProxy,
    MAVEN_MIRROR: sources.mavenMirror,
    PIP_INDEX_URL: sources.pipIndexUrl,
    http_proxy: sources.httpProxy,
    https_proxy: sources.httpProxy,
    no_proxy: sources.noProxy.replace(/(^|,)\*(?=\.)/g, "$1"), // pip and apt know no asterisk
  };
  return Object.entries(variables)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join("");
}
