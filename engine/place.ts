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
  const data =
    hostOf(old) === hostOf(now)
      ? "make down keeps notebooks, files and tables where they are."
      : "Notebooks, files and tables stay on the old engine; docs/guide/docker-or-podman.md has the commands that copy them.";
  return (
    `this stack lives on the engine ${old}, and its configuration now names ${now}. ` +
    `The cluster there would keep running unmanaged. To stay there: ${waysBack(old, now).join(" && ")}. ` +
    `To move: run that and make down first, or create a new stack. ${data}`
  );
}

/** The commands that set the keys in which two places differ to those of the old one. */
function waysBack(old: string, now: string): string[] {
  const kind = kindAt(hostOf(old));
  const [was, is] = [networkOf(old), networkOf(now)];
  const values = [
    ...(kind === undefined || kind === kindAt(now) ? [] : [["engine", kind]]),
    ...(hostOf(old) === hostOf(now) ? [] : [["docker:host", hostOf(old)]]),
    ...((was === undefined) === (is === undefined) ? [] : [["target", was === undefined ? "engine" : "swarm"]]),
    ...(was === undefined || was === is ? [] : [["networkEncryption", String(was === "an encrypted")]]),
  ];
  return values.map((value) => `pulumi config set ${value.join(" ")}`);
}

/** The host in the words of {@link placeOf}. */
function hostOf(place: string): string {
  return place.replace(/ \(a swarm .*/, "");
}

/** The network of a swarm in the words of {@link placeOf}; undefined for an engine. */
function networkOf(place: string): string | undefined {
  return / \(a swarm with (.*) network\)$/.exec(place)?.[1];
}

/** The kind of an engine, by the name of its socket; undefined if the address has another socket or none. */
function kindAt(host: string): Engine["kind"] | undefined {
  return /\b(docker|podman)\.sock\b/.exec(host)?.[1] as Engine["kind"] | undefined;
}

/** The error for a cluster whose name on the engine was changed, with the steps to take. */
export function renamed(old: string, now: string): string {
  return (
    `this cluster is named ${old} on its engine, and would now be ${now}: its notebooks, files and tables would stay behind under the old name. ` +
    `Keep that name: pulumi stack rename ${old}, or in a program of your own id: "${old}". ` +
    `docs/guide/daily-tasks.md has the commands that rename a stack with its data.`
  );
}
