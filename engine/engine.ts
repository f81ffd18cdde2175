import * as fs from "fs";
import * as os from "os";

import { contextHost } from "./dockerContext";
import { given } from "./given";
import { tried } from "./tried";

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

/** The inputs that the engine depends on, if the stack does not name it. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  readonly exists: (path: string) => boolean;
  readonly home: string;
  /** The text of a file; undefined if it cannot be read. */
  readonly readText: (path: string) => string | undefined;
}

const here: Surroundings = {
  env: process.env,
  uid: process.getuid?.() ?? 0,
  exists: fs.existsSync,
  home: os.homedir(),
  readText: (path) => tried(() => fs.readFileSync(path, "utf8")),
};

/**
 * The engine of a stack: at Pulumi's `docker:host`, else where the shell directs the engine's own client (DOCKER_HOST; for Podman
 * CONTAINER_HOST before it, for Docker its context after it), else at a default socket of this kind of engine on this machine, the
 * user's own (rootless) before the system's.
 *
 * @throws {UnusableEngine} if Docker's context does not exist, or has certificates.
 */
export function findEngine(kind: EngineKind, configured: string | undefined, surroundings = here): Engine {
  const { env, uid, exists } = surroundings;
  const ofPodman = kind === "podman" ? [env.CONTAINER_HOST] : [];
  const named = [configured, ...ofPodman, env.DOCKER_HOST].find((host) => host !== undefined && host !== "");
  const set = named ?? (kind === "docker" ? contextHost(surroundings) : undefined);
  if (set !== undefined) {
    return { kind, host: set };
  }
  const { system, own: name } = sockets[kind];
  // Empty counts as unset (XDG Base Directory Specification).
  const folder = given("XDG_RUNTIME_DIR", env) ?? `/run/user/${uid}`;
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
