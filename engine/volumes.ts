import { ask, work } from "./cli";
import { Engine } from "./engine";

export interface Label {
  readonly label: string;
  readonly value: string;
}

/** When a volume was made, as the engine writes it; undefined where there is no such volume. */
export function volumeBirth(engine: Engine, volume: string): string | undefined {
  try {
    return ask(engine, "volume", "inspect", "--format", "{{.CreatedAt}}", volume).trim();
  } catch {
    return undefined;
  }
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
    ...args.labels.map(({ label, value }) => `--label=${label}=${value}`),
    // z, so that containers of other SELinux categories may read what this one writes.
    ...["--volume", `${args.volume}:/etc/spark-cluster:z`, args.image, "write-config"],
  );
}
