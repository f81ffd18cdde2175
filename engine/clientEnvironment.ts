import * as os from "os";

import type { Engine } from "./engine";

/** Variables that direct an engine's client, and those that tell it how to connect over TCP. */
const directing = ["DOCKER_CONTEXT", "DOCKER_API_VERSION", "DOCKER_DEFAULT_PLATFORM", "CONTAINER_HOST", "CONTAINER_CONNECTION"];
const ofTcp = ["DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"];

/** The environment for a client of an engine that is decided: without the variables of the user's shell that would direct it elsewhere. */
export function environmentFor({ host }: Engine, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const leftOut = host.startsWith("tcp://") ? directing : [...directing, ...ofTcp];
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !leftOut.includes(name))), DOCKER_HOST: host };
}

/** The folder with the certificates by which Docker's client connects over TCP; empty if it uses none. */
export function certificatesFor({ host }: Engine, env: NodeJS.ProcessEnv = process.env): string {
  const isVerified = (env.DOCKER_TLS_VERIFY ?? "") !== "";
  return host.startsWith("tcp://") && isVerified ? (env.DOCKER_CERT_PATH ?? `${os.homedir()}/.docker`) : "";
}
