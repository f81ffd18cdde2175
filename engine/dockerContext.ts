import { createHash } from "crypto";
import { join } from "path";

import type { Surroundings } from "./engine";
import { given } from "./given";
import { tried } from "./tried";
import { UnusableEngine } from "./unusableEngine";

/**
 * The host of the context that Docker's client would use: the one of DOCKER_CONTEXT, else the one of `docker context use`.
 *
 * @returns undefined for the context `default`, which is no endpoint of its own.
 * @throws {UnusableEngine} if there is no such context, or if it has certificates.
 */
export function contextHost({ env, home, readText }: Surroundings): string | undefined {
  const folder = given("DOCKER_CONFIG", env) ?? join(home, ".docker");
  const name = given("DOCKER_CONTEXT", env) ?? currentContext(folder, readText);
  if (name === undefined || name === "" || name === "default") {
    return undefined;
  }
  // The format of Docker's context store: a folder for each context, named by the hash of its name.
  const id = createHash("sha256").update(name).digest("hex");
  const host = endpointOf(readText(join(folder, "contexts/meta", id, "meta.json")));
  if (host === undefined) {
    throw new UnusableEngine(
      `There is no Docker context ${name}. docker context ls lists them; docker context use default chooses none.`,
    );
  }
  if (readText(join(folder, "contexts/tls", id, "docker/ca.pem")) !== undefined) {
    throw new UnusableEngine(
      `The Docker context ${name} has certificates. Name its engine by variables instead: ` +
        `export DOCKER_HOST=${host} DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=${join(folder, "contexts/tls", id, "docker")}`,
    );
  }
  return host;
}

/** The context of `docker context use`. */
function currentContext(folder: string, readText: Surroundings["readText"]): string | undefined {
  const { currentContext: name } = parsed<{ readonly currentContext?: string }>(readText(join(folder, "config.json")));
  return name;
}

function endpointOf(meta: string | undefined): string | undefined {
  interface Meta {
    readonly Endpoints?: { readonly docker?: { readonly Host?: string } };
  }
  return parsed<Meta>(meta).Endpoints?.docker?.Host;
}

/** The object in a JSON text; an empty one if there is none. */
function parsed<T extends object>(text: string | undefined): Partial<T> {
  return tried(() => JSON.parse(text ?? "{}") as Partial<T> | null) ?? {};
}
