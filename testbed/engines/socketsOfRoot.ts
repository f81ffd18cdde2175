import { Engine, EngineKind } from "../../engine/engine";

/** An engine of each kind at root's default socket, whatever the environment says. */
export const engines: Readonly<Record<EngineKind, Engine>> = {
  docker: { kind: "docker", host: "unix:///var/run/docker.sock" },
  podman: { kind: "podman", host: "unix:///run/podman/podman.sock" },
};
