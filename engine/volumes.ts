import { ask, askUnlessMissing, work } from "./cli";
import { Engine } from "./engine";
import { labels } from "./labels";

export interface Label {
  readonly label: string;
  readonly value: string;
}

/** Where `write-config` puts the files of a role and every container finds them; SPARK_CONF_DIR in the images. */
export const configPath = "/etc/spark-cluster";

/** Makes a volume, in the place of one of the same name that a killed run left. @throws if that one is in use. */
export function makeVolume(engine: Engine, name: string, mark: string, given: readonly Label[]): void {
  removeVolume(engine, name);
  ask(engine, "volume", "create", ...[...given, { label: labels.mark, value: mark }].map(labelOption), name);
}

/** The mark of the volume that has a name now; undefined where there is none. */
export function markOfVolume(engine: Engine, name: string): string | undefined {
  return askUnlessMissing(engine, "volume", "inspect", "--format", `{{index .Labels "${labels.mark}"}}`, name)?.trim();
}

/** Removes a volume, if it is there. @throws if it is in use. */
export function removeVolume(engine: Engine, name: string): void {
  askUnlessMissing(engine, "volume", "rm", name);
}

/** Makes a volume hold files, given as a JSON object of name -> content, and nothing else. @throws with what the container wrote. */
export async function writeVolume(
  engine: Engine,
  args: { readonly volume: string; readonly image: string; readonly labels: readonly Label[]; readonly files: string },
): Promise<void> {
  await work(
    engine,
    { seconds: 60, input: args.files },
    ...["run", "--rm", "--interactive", "--network=none", "--cap-drop=all", "--security-opt=no-new-privileges", "--read-only"],
    ...args.labels.map(labelOption),
    // z, so that containers of other SELinux categories may read what this one writes.
    ...["--volume", `${args.volume}:${configPath}:z`, args.image, "write-config"],
  );
}

function labelOption({ label, value }: Label): string {
  return `--label=${label}=${value}`;
}
