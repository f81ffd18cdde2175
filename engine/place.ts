import type { Engine } from "./engine";

/** The engine or swarm of a stack, in words. Whether a swarm's network is encrypted is a part of it, because it cannot change. */
export function placeOf(engine: Engine, swarm?: { readonly encryptedNetwork: boolean }): string {
  if (swarm === undefined) {
    return engine.host;
  }
  return `${engine.host} (a swarm with ${swarm.encryptedNetwork ? "an encrypted" : "a plain"} network)`;
}

/** The error for a stack whose engine or swarm was changed, with the steps to take. */
export function elsewhere(old: string, now: string): string {
  return (
    `this stack lives on the engine ${old}, and its configuration now names ${now}. ` +
    `The cluster there would keep running unmanaged: run make down first, with the old value, or create a new stack.`
  );
}
