import { hardeningFlags } from "../../engine/hardening";
import { Engine } from "../../engine/engine";
import { Inspected } from "../../testbed/inspected";
import { client } from "./client";

export async function inspect(engine: Engine, container: string): Promise<Inspected> {
  const [inspected] = JSON.parse(await client(engine, ["inspect", container])) as [Inspected];
  return inspected;
}

/** The volume that a container has at a path. */
export function volumeAt({ Mounts }: Inspected, path: string): string {
  return Mounts.find(({ Destination }) => Destination === path)?.Name ?? "";
}

/** Options for `docker run` that give another container the limits of this one, and the hardening of the cluster's containers. */
export function likeContainer({ HostConfig: { Memory, NanoCpus } }: Inspected): readonly string[] {
  const limits = ["--memory", String(Memory), "--memory-swap", String(Memory), "--cpus", String(NanoCpus / 1e9)];
  return [...limits, "--init", ...hardeningFlags, "--tmpfs", "/tmp:rw,exec,size=128m,mode=1777"];
}
