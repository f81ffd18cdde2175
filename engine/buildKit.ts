import * as childProcess from "child_process";

import { clientCommand, work } from "./cli";
import { environmentFor } from "./clientEnvironment";
import { Engine } from "./engine";
import { buildOptions, Recipe } from "./images";

/** Timeout of a build, in seconds. */
const patience = 600;

/** A docker client that can use BuildKit: one with buildx, or one older than 23, which needs no buildx. */
export function buildKitClient(): string | undefined {
  return ["docker", "/usr/bin/docker"].find((client) => {
    const { status, stdout } = childProcess.spawnSync(client, ["--version"], { encoding: "utf8" });
    const major = status === 0 ? Number(/version (\d+)/.exec(stdout)?.[1]) : NaN;
    return major < 23 || childProcess.spawnSync(client, ["buildx", "version"]).status === 0;
  });
}

/** How a build ended. */
export interface BuildResult {
  readonly error: childProcess.ExecFileException | null;
  readonly output: string;
}

/** Builds with BuildKit in the Docker engine itself. Ends after ten minutes. */
export function buildWith(client: string, engine: Engine, ...options: string[]): Promise<BuildResult> {
  const [, ...host] = clientCommand(engine, "build");
  const env = { ...environmentFor(engine), DOCKER_BUILDKIT: "1", BUILDX_BUILDER: "default" };
  const settings = { encoding: "utf8", env, timeout: patience * 1000, maxBuffer: 64 * 1024 * 1024 } as const;
  return new Promise((resolve) => {
    childProcess.execFile(client, [...host, ...options], settings, (error, stdout, stderr) => {
      resolve({ error, output: stdout + stderr });
    });
  });
}

/**
 * Builds a stage into the engine's build cache, for a later build of its image, which also reports what fails here. Without a client
 * for it, that build does all.
 */
export async function buildStage(
  engine: Engine,
  stage: string,
  { context, ...recipe }: Omit<Recipe, "reference">,
): Promise<void> {
  const options = [...buildOptions(recipe), "--target", stage, context];
  if (engine.kind === "podman") {
    await work(engine, { seconds: patience }, "build", ...options).catch(() => undefined);
    return;
  }
  const client = buildKitClient();
  if (client !== undefined) {
    await buildWith(client, engine, "--output", "type=cacheonly", ...options);
  }
}
