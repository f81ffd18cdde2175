import { ConfigSource } from "../../../config/reader";
import { SwarmFacts, SwarmNode } from "../../../engine/nodes";

/** What a stack on a swarm has written, beside where its data lies. */
export const onSwarm = { target: "swarm", imageSource: "pull", imageRegistry: "registry.example.com/team" };

/** A place for data that all nodes see, for a swarm of several. */
export const onNfs = { sharedStorage: { nfs: "files.example.com:/export" } };

/** The same in an object store. */
export const inBucket = { s3: { accessKey: "AKIA", secretKey: "hunter2", bucket: "lake" } };

/** A machine of a swarm that has enough of everything, unless told otherwise. */
export function node(id: string, rest: Partial<SwarmNode> = {}): SwarmNode {
  return { id, cpus: 16, memory: 256 * 1024, labels: {}, ...rest };
}

/** A swarm of some nodes, the first of which manages it. */
export function swarmOf(...nodes: readonly SwarmNode[]): SwarmFacts {
  return { manager: nodes[0]?.id ?? "", nodes, away: [] };
}

export const three = swarmOf(node("a"), node("b", { labels: { disk: "ssd" } }), node("c"));

/** What the reader is given for a stack on a swarm. */
export function swarmRead(swarm: SwarmFacts, ...secretKeys: readonly string[]): Partial<ConfigSource> {
  return { swarm, isSecret: (name) => ["s3", "registryPassword", ...secretKeys].some((key) => name === `spark-cluster:${key}`) };
}
