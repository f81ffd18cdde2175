import * as fs from "fs";
import * as os from "os";
import * as path from "path";

import { ask, askUnlessMissing, work } from "./cli";
import { Engine } from "./engine";

/** Seconds that a build, a pull or a push may take. */
const patience = 3600;

/** Who logs in to a registry; an empty name for nobody but whom the engine's client knows already. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** How an image is built. */
export interface Recipe {
  readonly reference: string;
  readonly context: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly secrets: readonly { readonly id: string; readonly src: string }[];
}

/** Whether the engine has an image. @throws if it does not answer. */
export function hasImage(engine: Engine, reference: string): boolean {
  return askUnlessMissing(engine, "image", "inspect", "--format", "{{.Id}}", reference) !== undefined;
}

/** Builds an image with the engine's own client. @throws with the last lines of the step that failed. */
export async function buildImage(engine: Engine, { reference, context, buildArgs, secrets }: Recipe): Promise<void> {
  const options = [
    ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...secrets.flatMap(({ id, src }) => ["--secret", `id=${id},src=${src}`]),
  ];
  try {
    await work(engine, { seconds: patience }, "build", ...options, "--tag", reference, context);
  } catch (error) {
    const words = lastWordsOf((error as Error).message);
    throw new Error(`the build of ${context}/Dockerfile failed. It wrote last:\n${words}`, { cause: error });
  }
}

/** What a build wrote last; where a step says itself what is wrong and what to do, that alone. */
export function lastWordsOf(output: string): string {
  const lines = output.trimEnd().split("\n");
  // Steps begin such a line with the project's name; a builder may put its own words before that, and say everything twice.
  const told = lines.flatMap((line) => /(?:^|\s)spark-cluster: (.+)$/.exec(line)?.[1] ?? []);
  return told.length > 0 ? [...new Set(told)].join("\n") : lines.slice(-30).join("\n");
}

/** Pulls an image that the engine does not have. @throws an Error that says which of registry, login and image it is. */
export async function pullImage(engine: Engine, reference: string, login: Login): Promise<void> {
  if (!hasImage(engine, reference)) {
    await throughRegistry(engine, "pull", reference, login);
  }
}

/**
 * Pushes an image under another name, and returns the digest that the registry keeps it by.
 *
 * @throws an Error that says which of registry, login and image it is.
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
  throw new Error(`the registry took ${published}, but gives it under none of these: ${known.join(", ")}`);
}

/**
 * The image's name with the digest that its registry keeps the tag by now, `NAME:TAG@sha256:...`; the engine has it afterwards. A digest
 * that it has already is left behind.
 *
 * @throws an Error that says what to do where no registry answers, or gives it by none.
 */
export async function pinImage(engine: Engine, reference: string): Promise<string> {
  const tagged = reference.replace(/@.*/, "");
  if (nameOf(tagged) === tagged && tagged !== reference) {
    throw new Error(`${reference} has a digest and no tag that another could be asked for: pulumi config set baseImage NAME:TAG`);
  }
  try {
    const words = await work(engine, { seconds: patience }, "pull", tagged);
    // Docker says what the registry called it; of all that Podman remembers, the first is that of all processors.
    const told = /^Digest: (sha256:\w+)$/m.exec(words)?.[1];
    const remembered = () => [
      ask(engine, "image", "inspect", "--format", "{{.Digest}}", tagged).trim(),
      ...digestsOf(engine, tagged).digests,
    ];
    const digest = await givenDigest(engine, tagged, told === undefined ? remembered() : [told], { user: "", password: "" });
    if (digest === undefined) {
      throw new Error("It was pulled, and is there by no digest.");
    }
    return `${tagged}@${digest}`;
  } catch (error) {
    const last = (error as Error).message.trimEnd().replace(/^[^]*\n/, "");
    throw new Error(
      `No registry gives ${tagged} with a digest, so nothing is pinned: make pin again where ${engine.kind} can pull it, ` +
        `after a ${engine.kind} login if it wants one; pulumi config set baseImage ... names another\n${last}`,
      { cause: error },
    );
  }
}

/** An image's name without its tag. */
function nameOf(tagged: string): string {
  return tagged.replace(/:[^:/]*$/, "");
}

/** The digests that an engine knows an image of a registry by, and all that it knows, whatever they are called. */
function digestsOf(engine: Engine, tagged: string): { readonly digests: readonly string[]; readonly known: readonly string[] } {
  const known = JSON.parse(ask(engine, "image", "inspect", "--format", "{{json .RepoDigests}}", tagged)) as string[];
  // Docker leaves the name of its own registry out.
  const names = ["", "docker.io/", "docker.io/library/"];
  const digests = known
    .map((each) => each.split("@") as [string, string])
    .filter(([name]) => names.some((prefix) => `${prefix}${name}` === nameOf(tagged)))
    .map(([, digest]) => digest);
  return { digests, known };
}

/**
 * The first of some digests that the registry has an image by, which the engine then has by it, too: Podman names its own copy's digest as
 * well, which the registry does not know where it compressed another way.
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
    await work(engine, { seconds: patience }, ...before, verb, ...after, reference);
  } catch (error) {
    throw new Error(registryProblem(verb, reference, login, (error as Error).message), { cause: error });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** A login as both clients read it from a file. Docker knows its own registry by a name of its own. */
function loginFile(reference: string, { user, password }: Login): string {
  const host = registryOf(reference);
  const auth = { auth: Buffer.from(`${user}:${password}`).toString("base64") };
  return JSON.stringify({ auths: { [host]: auth, ...(host === "docker.io" ? { "https://index.docker.io/v1/": auth } : {}) } });
}

function registryOf(reference: string): string {
  return reference.slice(0, reference.indexOf("/"));
}

/** What a client's words about a registry come down to, and what to do. */
function registryProblem(verb: "pull" | "push", reference: string, login: Login, words: string): string {
  const registry = registryOf(reference);
  const last = words.trimEnd().split("\n").at(-1) ?? "";
  if (/unauthorized|authentication required|no basic auth|access denied|denied:|incorrect username|forbidden/i.test(words)) {
    const who = login.user === "" ? "without a login" : `as ${login.user}`;
    return `the registry ${registry} lets nobody ${verb} ${reference} ${who}: pulumi config set registryUser ... and pulumi config set --secret registryPassword\n${last}`;
  }
  if (/manifest unknown|manifest for .* not found|name unknown|repository name not known|: not found$/im.test(words)) {
    return `the registry ${registry} has no ${reference}: make publish, from a stack that builds these very files, pushes it; pulumi config set imageSource build does without\n${last}`;
  }
  return `the registry ${registry} could not be asked to ${verb} ${reference}: pulumi config set imageRegistry ... names another\n${last}`;
}
