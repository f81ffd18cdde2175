import * as childProcess from "child_process";

import { askUnlessMissing, clientCommand, work } from "./cli";
import { environmentFor } from "./clientEnvironment";
import { Engine } from "./engine";

/** Timeout of an image's build, in seconds. */
const patience = 3600;
/** Timeout of a build that only prepares or explains another, in seconds. */
const shortPatience = 600;

/** How an image is built. */
export interface Recipe {
  readonly reference: string;
  readonly context: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly secrets: readonly { readonly id: string; readonly src: string }[];
}

/** Whether the engine has an image. @throws an Error if the engine does not respond. */
export function hasImage(engine: Engine, reference: string): boolean {
  return askUnlessMissing(engine, "image", "inspect", "--format", "{{.Id}}", reference) !== undefined;
}

/** Builds an image with the engine's own client. @throws an Error with the last lines of the failed step. */
export async function buildImage(engine: Engine, { reference, context, buildArgs, secrets }: Recipe): Promise<void> {
  try {
    await work(engine, { seconds: patience }, "build", ...buildOptions({ buildArgs, secrets }), "--tag", reference, context);
  } catch (error) {
    const lines = lastWordsOf((error as Error).message);
    throw new Error(`the build of ${context}/Dockerfile failed. It wrote last:\n${lines}`, { cause: error });
  }
}

/** The arguments and secrets of a build, as a client takes them. */
export function buildOptions({ buildArgs, secrets }: Pick<Recipe, "buildArgs" | "secrets">): string[] {
  return [
    ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...secrets.flatMap(({ id, src }) => ["--secret", `id=${id},src=${src}`]),
  ];
}

/** The explanation of a failed build: the lines that a step wrote for the user, otherwise the last 30 lines of the output. */
export function lastWordsOf(output: string): string {
  const lines = output.trimEnd().split("\n");
  // A step begins lines for the user with the project's name. A builder may add a prefix, and print lines twice.
  const forUser = lines.flatMap((line) => /(?:^|\s)spark-cluster: (.+)$/.exec(line)?.[1] ?? []);
  return forUser.length > 0 ? [...new Set(forUser)].join("\n") : lines.slice(-30).join("\n");
}

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
  const settings = { encoding: "utf8", env, timeout: shortPatience * 1000, maxBuffer: 64 * 1024 * 1024 } as const;
  return new Promise((resolve) => {
    childProcess.execFile(client, [...host, ...options], settings, (error, stdout, stderr) => {
      resolve({ error, output: stdout + stderr });
    });
  });
}

/**
 * Builds a stage into the engine's build cache, where the later build of its image finds it. A failure is not reported: the later build
 * runs the same step and reports it. If no client has BuildKit, nothing is built here.
 */
export async function buildStage(
  engine: Engine,
  stage: string,
  { context, ...recipe }: Omit<Recipe, "reference">,
): Promise<void> {
  const options = [...buildOptions(recipe), "--target", stage, context];
  if (engine.kind === "podman") {
    await work(engine, { seconds: shortPatience }, "build", ...options).catch(() => undefined);
    return;
  }
  const client = buildKitClient();
  if (client !== undefined) {
    await buildWith(client, engine, "--output", "type=cacheonly", ...options);
  }
}
