import * as fs from "fs";

/** The kinds of engines that can run a cluster. */
export const engineKinds = ["docker", "podman"] as const;
export type EngineKind = (typeof engineKinds)[number];

/** The kind of that name; undefined if there is none. */
export function kindOf(name: string | undefined): EngineKind | undefined {
  return engineKinds.find((kind) => kind === name);
}

/** An engine and its endpoint. */
export interface Engine {
  readonly kind: EngineKind;
  /** A URL as `docker:host` takes it. */
  readonly host: string;
}

/** The inputs that the default socket depends on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  readonly exists: (path: string) => boolean;
}

const here: Surroundings = { env: process.env, uid: process.getuid?.() ?? 0, exists: fs.existsSync };

/**
 * The engine of a stack: at Pulumi's `docker:host`, else at DOCKER_HOST, else at a default socket of this kind of engine on this
 * machine, the user's own (rootless) before the system's.
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
  // Only root may use Podman's system socket, so without any socket the user has to start their own.
  return { kind, host: `unix://${uid !== 0 && kind === "podman" && !exists(first) ? own : first}` };
}

/** Default sockets, from the engines' documentation: `own` is below XDG_RUNTIME_DIR and rootless, `system` is root's. */
const sockets = {
  docker: { own: "docker.sock", system: "/var/run/docker.sock" },
  podman: { own: "podman/podman.sock", system: "/run/podman/podman.sock" },
} satisfies Record<EngineKind, { own: string; system: string }>;
