import { ask, askUnlessMissing, work } from "./cli";
import { Engine } from "./engine";
import { hardeningFlags } from "./hardening";
import { labels } from "./labels";

export interface Label {
  readonly label: string;
  readonly value: string;
}

/** The folder that `write-config` writes a role's files to and that its containers read: SPARK_CONF_DIR in the images. */
export const configPath = "/etc/spark-cluster";

/** Creates a volume. Replaces a volume of the same name that a killed run left. @throws an Error if the old one is in use. */
export function makeVolume(engine: Engine, name: string, mark: string, given: readonly Label[]): void {
  removeVolume(engine, name);
  ask(engine, "volume", "create", ...[...given, { label: labels.mark, value: mark }].map(labelOption), name);
}

/** The mark of the volume that currently has this name; undefined if there is none. */
export function markOfVolume(engine: Engine, name: string): string | undefined {
  return askUnlessMissing(engine, "volume", "inspect", "--format", `{{index .Labels "${labels.mark}"}}`, name)?.trim();
}

/** Removes a volume if it exists. @throws an Error if it is in use. */
export function removeVolume(engine: Engine, name: string): void {
  askUnlessMissing(engine, "volume", "rm", name);
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
