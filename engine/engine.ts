import * as fs from "fs";

/** The engines that a cluster can live on. */
export const engineKinds = ["docker", "podman"] as const;
export type EngineKind = (typeof engineKinds)[number];

/** The kind of a name, if it is one. */
export function kindOf(name: string | undefined): EngineKind | undefined {
  return engineKinds.find((kind) => kind === name);
}

/** An engine: which of them it is, and where it answers. */
export interface Engine {
  readonly kind: EngineKind;
  /** A URL as `docker:host` takes it. */
  readonly host: string;
}

/** What the default socket depends on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  readonly exists: (path: string) => boolean;
}

const here: Surroundings = { env: process.env, uid: process.getuid?.() ?? 0, exists: fs.existsSync };

/**
 * The engine that a stack lives on: Pulumi's `docker:host`, else DOCKER_HOST, else the socket that an engine of this kind has on
 * this machine, a person's own (rootless) before the system's.
 */
export function findEngine(kind: EngineKind, configured: string | undefined, { env, uid, exists } = here): Engine {
  const set = [configured, env.DOCKER_HOST].find((host) => host !== undefined && host !== "");
  if (set !== undefined) {
    return { kind, host: set };
  }
  const { system, own: name } = sockets[kind];
  // Empty counts as unset (XDG Base Directory Specification).
  const folder = env.XDG_RUNTIME_DIR === undefined || env.XDG_RUNTIME_DIR === "" ? `/run/user/${uid}` : env.XDG_RUNTIME_DIR;
  const own = `${folder}/${name}`;
  const [first = system] = uid === 0 ? [] : [own, system].filter(exists);
  // Nobody but root may use Podman's system socket, so that without any it is the own one that has to be started.
  return { kind, host: `unix://${uid !== 0 && kind === "podman" && !exists(first) ? own : first}` };
}

/** Where the engines listen, by their own documentation: below XDG_RUNTIME_DIR without root, else at a path of the system. */
const sockets = {
  docker: { own: "docker.sock", system: "/var/run/docker.sock" },
  podman: { own: "podman/podman.sock", system: "/run/podman/podman.sock" },
} satisfies Record<EngineKind, { own: string; system: string }>;
