import { Engine, findEngine } from "../../engine/engine";

/** This machine's own engines, at their default sockets. */
export const docker: Engine = findEngine("docker", undefined);
export const podman: Engine = findEngine("podman", undefined);
