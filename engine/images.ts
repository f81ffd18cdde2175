import * as fs from "fs";
import * as os from "os";
import * as path from "path";

import { isRegistryHost } from "./addresses";
import { hasImage } from "./builds";
import { ask, work } from "./cli";
import { Engine } from "./engine";
import { isOnThisMachine } from "./facts";
import { whileAnswered } from "./silentRegistry";
import { tried } from "./tried";

/** Timeout of a pull or a push, in seconds. */
const patience = 3600;

/** A registry login. If `user` is empty, the engine client's stored login is used. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** The names with tags of an engine's images; undefined if it does not respond. */
export function imagesOn(engine: Engine): ReadonlySet<string> | undefined {
  return tried(() => new Set(ask(engine, "image", "ls", "--format", "{{.Repository}}:{{.Tag}}").split("\n").filter(Boolean)));
}

/** Pulls an image unless the engine has it. @throws an Error that names the cause: the registry, the login or the image. */
export async function pullImage(engine: Engine, reference: string, login: Login): Promise<void> {
  if (!hasImage(engine, reference)) {
    await throughRegistry(engine, "pull", reference, login);
  }
}

/**
 * Pushes an image under another name.
 *
 * @returns its digest in the registry.
 * @throws an Error that names the cause: the registry, the login or the image.
 */
export async function publishImage(engine: Engine, reference: string, published: string, login: Login): Promise<string> {
  ask(engine, "tag", reference, published);
  await throughRegistry(engine, "push", published, login);
  await throughRegistry(engine, "pull", published, login);
  const { known, digests } = digestsOf(engine, published);
  const digest = await givenDigest(engine, nameOf(published), digests, login);
  if (digest !== undefined) {
    return digest;
  }
  throw new Error(`the registry took ${published}, but provides it under none of these digests: ${known.join(", ")}`);
}

/**
 * Pulls an image's tag and adds its current digest from the registry: `NAME:TAG@sha256:...`. Replaces an older digest.
 *
 * @throws an Error that says what to do if no registry responds, or if it provides the image by no digest.
 */
export async function pinImage(engine: Engine, reference: string): Promise<string> {
  const tagged = reference.replace(/@.*/, "");
  if (nameOf(tagged) === tagged && tagged !== reference) {
    throw new Error(`${reference} has a digest and no tag, so it cannot be updated: pulumi config set baseImage NAME:TAG`);
  }
  try {
    const output = await work(engine, { seconds: patience }, "pull", tagged);
    // Docker prints the registry's digest. Podman stores several; the first is that of the index for all architectures.
    const printed = /^Digest: (sha256:\w+)$/m.exec(output)?.[1];
    const stored = () => [
      ask(engine, "image", "inspect", "--format", "{{.Digest}}", tagged).trim(),
      ...digestsOf(engine, tagged).digests,
    ];
    const digest = await givenDigest(engine, tagged, printed === undefined ? stored() : [printed], { user: "", password: "" });
    if (digest === undefined) {
      throw new Error("It was pulled, and is there by no digest.");
    }
    return `${tagged}@${digest}`;
  } catch (error) {
    const last = (error as Error).message.trimEnd().replace(/^[^]*\n/, "");
    throw new Error(
      `No registry gives ${tagged} with a digest, so nothing is pinned: make pin again where ${engine.kind} can pull it, ` +
        `after a ${engine.kind} login if necessary. To use another image: pulumi config set baseImage ...\n${last}`,
      { cause: error },
    );
  }
}

/** An image's name without its tag. */
function nameOf(tagged: string): string {
  return tagged.replace(/:[^:/]*$/, "");
}

/** `digests`: the engine's digests of an image under this name. `known`: all names with digests that the engine has for it. */
function digestsOf(engine: Engine, tagged: string): { readonly digests: readonly string[]; readonly known: readonly string[] } {
  const known = JSON.parse(ask(engine, "image", "inspect", "--format", "{{json .RepoDigests}}", tagged)) as string[];
  // Docker omits the name of its own registry.
  const names = ["", "docker.io/", "docker.io/library/"];
  const digests = known
    .map((each) => each.split("@") as [string, string])
    .filter(([name]) => names.some((prefix) => `${prefix}${name}` === nameOf(tagged)))
    .map(([, digest]) => digest);
  return { digests, known };
}

/**
 * Pulls by each digest in turn, and returns the first that the registry has. Podman also reports the digest of its own copy,
 * which the registry does not have if it compressed the image differently.
 */
async function givenDigest(engine: Engine, name: string, digests: readonly string[], login: Login): Promise<string | undefined> {
  for (const digest of digests) {
    const there = await throughRegistry(engine, "pull", `${name}@${digest}`, login).then(
      () => true,
      () => false,
    );
    if (there) {
      return digest;
    }
  }
  return undefined;
}

async function throughRegistry(engine: Engine, verb: "pull" | "push", reference: string, login: Login): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "spark-cluster-login-"));
  const file = path.join(folder, "config.json");
  try {
    fs.writeFileSync(file, loginFile(reference, login), { mode: 0o600 });
    const own = login.user === "";
    const before = own || engine.kind === "podman" ? [] : ["--config", folder];
    const after = own || engine.kind === "docker" ? [] : ["--authfile", file];
    const run = (signal?: AbortSignal) => work(engine, { seconds: patience, signal }, ...before, verb, ...after, reference);
    // Docker gives up by itself. An engine on another machine may reach another registry.
    const isWatched = engine.kind === "podman" && registryOf(reference) !== "docker.io";
    await (isWatched ? whileAnswered(registryOf(reference), run, () => isOnThisMachine(engine)) : run());
  } catch (error) {
    throw new Error(registryProblem(verb, reference, login, (error as Error).message), { cause: error });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** A login file that both clients read. Docker uses a special name for its own registry. */
function loginFile(reference: string, { user, password }: Login): string {
  const host = registryOf(reference);
  const auth = { auth: Buffer.from(`${user}:${password}`).toString("base64") };
  return JSON.stringify({ auths: { [host]: auth, ...(host === "docker.io" ? { "https://index.docker.io/v1/": auth } : {}) } });
}

/** The registry that clients ask for an image: Docker's own if its name begins with none. */
function registryOf(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  return rest.length > 0 && isRegistryHost(first) ? first : "docker.io";
}

/** The cause of a failed pull or push, from the client's output, and the command that fixes it. */
function registryProblem(verb: "pull" | "push", reference: string, login: Login, output: string): string {
  const registry = registryOf(reference);
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  if (/unauthorized|authentication required|no basic auth|access denied|denied:|incorrect username|forbidden/i.test(output)) {
    const who = login.user === "" ? "without a login" : `as ${login.user}`;
    return `the registry ${registry} lets nobody ${verb} ${reference} ${who}: pulumi config set registryUser ... and pulumi config set --secret registryPassword\n${last}`;
  }
  if (/manifest unknown|manifest for .* not found|name unknown|repository name not known|: not found$/im.test(output)) {
    return (
      `the registry ${registry} has no ${reference}: make publish in a stack that builds the same files pushes it. ` +
      `To build it here: pulumi config set imageSource build\n${last}`
    );
  }
  return (
    `the registry ${registry} could not be asked to ${verb} ${reference}. ` +
    `To use another registry: pulumi config set imageRegistry ...\n${last}`
  );
}
