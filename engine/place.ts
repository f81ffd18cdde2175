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
  const host = old.replace(/ .*/, "");
  const kind = kindAt(host) === kindAt(now) ? "" : `pulumi config set engine ${kindAt(host)} && `;
  return (
    `this stack lives on the engine ${old}, and its configuration now names ${now}. ` +
    `The cluster there would keep running unmanaged. To stay there: ${kind}pulumi config set docker:host ${host}. ` +
    `To move: run make down first, with that value, or create a new stack. Notebooks, files and tables stay on the old engine; ` +
    `docs/guide/docker-or-podman.md has the commands that copy them.`
  );
}

/** The kind of an engine, by its address: Podman's socket has its name, on every system and over ssh. */
function kindAt(host: string): Engine["kind"] {
  return host.includes("podman") ? "podman" : "docker";
}

/** The error for a cluster whose name on the engine was changed, with the steps to take. */
export function renamed(old: string, now: string): string {
  return (
    `this cluster is named ${old} on its engine, and would now be ${now}: its notebooks, files and tables would stay behind under the old name. ` +
    `Keep that name: pulumi stack rename ${old}, or in a program of your own id: "${old}". ` +
    `docs/guide/daily-tasks.md has the commands that rename a stack with its data.`
  );
}
