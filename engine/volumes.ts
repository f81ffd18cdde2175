import { ask, askUnlessMissing, work } from "./cli";
import { Engine } from "./engine";
import { hardeningFlags } from "./hardening";

export interface Label {
  readonly label: string;
  readonly value: string;
}

/** The folder that `write-config` writes a role's files to and that its containers read: SPARK_CONF_DIR in the images. */
export const configPath = "/etc/spark-cluster";

/** When the volume of this name was created, as the engine says it; undefined if there is none. */
export function creationOf(engine: Engine, volume: string): string | undefined {
  return askUnlessMissing(engine, "volume", "inspect", "--format", "{{.CreatedAt}}", volume)?.trim();
}

/** @throws an Error if a container uses the volume that does not have these labels. */
export function failIfOthersUse(engine: Engine, volume: string, given: readonly Label[]): void {
  const users = (...filters: readonly string[]) =>
    ask(engine, "ps", "--all", "--format={{.Names}}", `--filter=volume=${volume}`, ...filters);
  const own = users(...given.map(({ label, value }) => `--filter=label=${label}=${value}`)).split("\n");
  const others = users()
    .trim()
    .split("\n")
    .filter((name) => !own.includes(name));
  if (others.length > 0) {
    throw new Error(
      `the volume ${volume} is used by ${others.join(", ")}, which is not of this stack. Remove it, or rename this stack.`,
    );
  }
}

/** Replaces a volume's content with files, a JSON object of name -> content. @throws an Error with the container's output. */
export async function writeVolume(
  engine: Engine,
  args: {
    readonly volume: string;
    readonly image: string;
    readonly labels: readonly Label[];
    readonly userns?: string | undefined;
    readonly files: string;
  },
): Promise<void> {
  await work(
    engine,
    { seconds: 60, input: args.files },
    ...["run", "--rm", "--interactive", "--network=none", ...hardeningFlags],
    ...args.labels.map(labelOption),
    ...(args.userns === undefined ? [] : [`--userns=${args.userns}`]),
    // z: on a host with SELinux, containers may read the volume.
    ...["--volume", `${args.volume}:${configPath}:z`, args.image, "write-config"],
  );
}

function labelOption({ label, value }: Label): string {
  return `--label=${label}=${value}`;
}
