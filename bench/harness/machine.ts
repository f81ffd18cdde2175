import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";

import { ask } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { ok } from "../../testbed/run";
import { composeVersion } from "../sides/composeCommand";
import { defaultSparkVersion } from "../sides/defaults";

const project = join(__dirname, "../..");

/** The machine of figures. Figures of two machines are never in one table. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** In GiB. */
  readonly memory: number;
  readonly kernel: string;
}

export function thisMachine(): Machine {
  const [first] = cpus();
  return {
    processor: first?.model.trim() ?? "unknown",
    cores: cpus().length,
    memory: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
  };
}

/** Versions of the measured software and of the tools. */
export async function versions(engine: Engine): Promise<Readonly<Record<string, string>>> {
  const { devDependencies } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  return {
    Spark: defaultSparkVersion(),
    Pulumi: devDependencies.pulumi ?? "unknown",
    Node: process.version.slice(1),
    ...(await versionsOfDocker(engine)),
  };
}

/** Empty if no engine runs: not all measurements need one. */
async function versionsOfDocker(engine: Engine): Promise<Readonly<Record<string, string>>> {
  try {
    const docker = ask(engine, "version", "--format", "{{.Server.Version}}").trim();
    return { Docker: docker, "docker compose": await composeVersion() };
  } catch {
    return {};
  }
}

/** The measured commit, with a note if there are uncommitted edits of other files than these figures. */
export async function commitOf(figures: readonly string[]): Promise<string> {
  const commit = (await ok("git", ["rev-parse", "--short", "HEAD"], { cwd: project })).trim();
  const edits = await ok("git", ["status", "--porcelain", "--", ".", ...figures.map((file) => `:(exclude)${file}`)], {
    cwd: project,
  });
  return edits === "" ? commit : `${commit} with edits`;
}
