import type { Engine } from "./engine";

/** What a stack lives on, in words: an engine, or a swarm, whose network is encrypted or not for life. */
export function placeOf(engine: Engine, swarm?: { readonly encryptedNetwork: boolean }): string {
  if (swarm === undefined) {
    return engine.host;
  }
  return `${engine.host} (a swarm with ${swarm.encryptedNetwork ? "an encrypted" : "a plain"} network)`;
}

/** Why a stack may not be told to live elsewhere, and what to do. */
export function elsewhere(old: string, now: string): string {
  return (
    `this stack lives on the engine ${old}, and its configuration now names ${now}. ` +
    `The cluster there would go on running with nobody in charge: run make down first, with the old value, or make a new stack.`
  );
}
