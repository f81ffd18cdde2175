import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Engine } from "../../../engine/engine";
import { buildImage, lastWordsOf, Recipe } from "../../../engine/builds";
import { Login, pinImage, publishImage, pullImage } from "../../../engine/images";
import { ClientCalls, fakeClient, refusing, withoutImages } from "../helpers/client";

const docker: Engine = { kind: "docker", host: "unix:///socket" };
const podman: Engine = { kind: "podman", host: "unix:///socket" };
const nobody: Login = { user: "", password: "" };
const me: Login = { user: "me", password: "hunter2: ü" };
const image = "registry.example.com:5000/team/spark-cluster-base:tag";
const repository = image.replace(/:tag$/, "");

const failing = (words: string) => `${withoutImages}\n${refusing(words)}`;
/** An engine without images, whose client keeps the login file that it is given, and its rights. */
const keepingLogin = `${withoutImages}
case "$command" in
  --config\\ *) file="$2/config.json" ;;
  *--authfile\\ *) file="$3" ;;
esac
if [ -n "$file" ]; then
  echo "$file" > "$here/file"
  ls -l "$file" | cut -c1-10 > "$here/rights"
  cp "$file" "$here/login"
fi`;
const kept = ({ folder }: ClientCalls, what: "file" | "login" | "rights") => readFileSync(join(folder, what), "utf8").trim();
const repositoryOf = (tagged: string) => tagged.replace(/:[^:/]*$/, "");
const messageOf = (outcome: Promise<unknown>): Promise<string> =>
  outcome.then(
    () => "no error",
    (error: unknown) => (error as Error).message,
  );

describe.each([docker, podman])("on $kind,", (engine) => {
  test("an image is pulled unless it is there, with the login of the client itself where the stack has none", async () => {
    const there = fakeClient();
    await pullImage(engine, image, nobody);
    expect(there.commands()).toEqual([["image", "inspect", "--format", "{{.Id}}", image]]);
    jest.restoreAllMocks();
    const missing = fakeClient(withoutImages);
    await pullImage(engine, image, nobody);
    expect(missing.commands().slice(1)).toEqual([["pull", image]]);
  });

  test("a login goes in the client's own way through a file that nobody else reads, that names the registry alone, and is gone then", async () => {
    const calls = fakeClient(keepingLogin);
    await pullImage(engine, image, me);
    const file = kept(calls, "file");
    expect([kept(calls, "rights"), existsSync(join(file, ".."))]).toEqual(["-rw-------", false]);
    const { auths } = JSON.parse(kept(calls, "login")) as { auths: Record<string, { auth: string }> };
    expect(Object.keys(auths)).toEqual(["registry.example.com:5000"]);
    expect(Buffer.from(auths["registry.example.com:5000"]?.auth ?? "", "base64").toString()).toBe("me:hunter2: ü");
    expect(JSON.stringify(calls.all())).not.toContain("hunter2");
    const command = {
      docker: ["docker", "--host", "unix:///socket", "--config", join(file, ".."), "pull", image],
      podman: ["podman", "--remote", "--url", "unix:///socket", "pull", "--authfile", file, image],
    };
    expect(calls.all().at(-1)).toEqual(command[engine.kind]);
  });

  test("the login file is gone after a failure too, and the folder that it lay in", async () => {
    const calls = fakeClient(`${keepingLogin}\nexit 1`);
    await expect(pullImage(engine, image, me)).rejects.toThrow();
    expect(kept(calls, "file")).toMatch(/\/config\.json$/);
    expect(existsSync(join(kept(calls, "file"), ".."))).toBe(false);
  });

  test("Docker's own registry is in the login under both of its names", async () => {
    const calls = fakeClient(keepingLogin);
    await pullImage(engine, "docker.io/team/spark-cluster-base:tag", me);
    const { auths } = JSON.parse(kept(calls, "login")) as { auths: Record<string, unknown> };
    expect(Object.keys(auths).sort()).toEqual(["docker.io", "https://index.docker.io/v1/"]);
  });
});

describe("a pull that fails", () => {
  const registry = "the registry registry.example.com:5000";

  test.each([
    'Error response from daemon: Head "https://registry/v2/": no basic auth credentials',
    "Error response from daemon: pull access denied for team/x, repository does not exist or may require docker login",
    "Error response from daemon: unauthorized: authentication required",
    "denied: requested access to the resource is denied",
    "Error: initializing source docker://x: reading manifest: unauthorized: incorrect username or password",
    "Error: unexpected status code 403 Forbidden",
  ])("for want of a login says so, who tried, and how to log in: %s", async (words) => {
    fakeClient(failing(words));
    const byNobody = await messageOf(pullImage(docker, image, nobody));
    expect(byNobody).toContain(`${registry} lets nobody pull ${image} without a login: pulumi config set registryUser`);
    expect(byNobody).toContain("pulumi config set --secret registryPassword");
    expect(byNobody.split("\n").at(-1)).toBe(words);
    const byMe = await messageOf(pullImage(docker, image, me));
    expect(byMe).toContain(`${registry} lets nobody pull ${image} as me:`);
    expect(byMe).not.toContain("hunter2");
  });

  test.each([
    "Error response from daemon: manifest for registry/x:tag not found: manifest unknown: manifest unknown",
    "Error: initializing source docker://registry/x:tag: reading manifest tag in registry/x: manifest unknown",
    "Error response from daemon: name unknown: repository name not known to registry",
    'Error response from daemon: failed to resolve reference "r.example.com/t/x:1": r.example.com/t/x:1: not found',
  ])("for want of the image says which one, and how it gets there: %s", async (words) => {
    fakeClient(failing(words));
    const message = await messageOf(pullImage(podman, image, nobody));
    expect(message).toContain(`${registry} has no ${image}: make publish`);
    expect(message).toContain("pulumi config set imageSource build");
    expect(message.split("\n").at(-1)).toBe(words);
  });

  test("for another cause names the registry, how to name another, and the client's last words", async () => {
    fakeClient(failing("Trying to pull...\ndial tcp: lookup registry.example.com: no such host"));
    const message = await messageOf(pullImage(podman, image, nobody));
    expect(message).toContain(`${registry} could not be asked to pull ${image}`);
    expect(message).toContain("pulumi config set imageRegistry");
    expect(message).not.toContain("Trying to pull");
    expect(message.split("\n").at(-1)).toBe("dial tcp: lookup registry.example.com: no such host");
  });
});

test.each(["debian:12", "team/base:tag", "docker.io/library/debian:12"])(
  "a pull of %s that fails names Docker's own registry",
  async (reference) => {
    fakeClient(failing("no such host"));
    expect(await messageOf(pullImage(docker, reference, nobody))).toContain(`the registry docker.io could not be asked to pull`);
  },
);

describe("a build", () => {
  const recipe: Recipe = {
    reference: "localhost/spark-cluster-base:tag",
    context: "images/base",
    buildArgs: { BASE_IMAGE: "debian:12", REBUILD: "a b" },
    secrets: [{ id: "package-sources", src: ".build/dev/package-sources" }],
  };

  test("has its arguments, secrets and name, and ends with the folder", async () => {
    const { commands } = fakeClient();
    await buildImage(podman, recipe);
    const [[verb, ...words] = [], ...more] = commands();
    expect([more, verb, words.pop()]).toEqual([[], "build", "images/base"]);
    const given = words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1]]] : []));
    expect(given.sort()).toEqual([
      ["--build-arg", "BASE_IMAGE=debian:12"],
      ["--build-arg", "REBUILD=a b"],
      ["--secret", "id=package-sources,src=.build/dev/package-sources"],
      ["--tag", "localhost/spark-cluster-base:tag"],
    ]);
  });

  test("that fails names the Dockerfile and shows the last lines, not the first of hundreds", async () => {
    fakeClient("for line in $(seq 500); do echo \"line $line\"; done; echo 'E: Unable to locate package' >&2; exit 100");
    const message = await messageOf(buildImage(podman, recipe));
    expect(message).toMatch(/^the build of images\/base\/Dockerfile failed\./);
    expect(message).toMatch(/line 500\nE: Unable to locate package$/);
    expect(message).not.toMatch(/line 1\n/);
    expect(message.split("\n").length).toBeLessThan(50);
  });
});

test("what a step says itself is wrong is shown once, all of it and alone; a label's or a path's name is no such word", () => {
  const builders = "#9 1.2 spark-cluster: a: no b.\n#9 ERROR\n > [2/3] RUN x:\n1.2 spark-cluster: a: no b.\nfailed";
  for (const output of [builders, "Step 1\nspark-cluster: a: no b.\nError: exit status 1"]) {
    expect(lastWordsOf(output)).toBe("a: no b.");
  }
  const two = "LABEL spark-cluster.image\nspark-cluster: one\n/etc/spark-cluster: x\nspark-cluster: two";
  expect(lastWordsOf(two)).toBe("one\ntwo");
});

describe("publishing", () => {
  const local = "localhost/spark-cluster-base:tag";
  const [good, bad] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
  /** An engine that tells digests of an image, of which the registry has some. */
  const registry = (told: readonly string[], had: readonly string[]) =>
    fakeClient(`
case "$command" in
  "image inspect"*) echo '${JSON.stringify(told)}' ;;
  *@*) case "$command" in ${[...had, "nothing"].map((each) => `*${each}`).join("|")}) ;; *) echo 'manifest unknown' >&2; exit 1 ;; esac ;;
esac`);

  test("tags the image, pushes it, and tells the digest that the registry has it by", async () => {
    const { commands } = registry([`${repository}@${good}`], [good]);
    expect(await publishImage(docker, local, image, nobody)).toBe(good);
    expect(commands().slice(0, 2)).toEqual([
      ["tag", local, image],
      ["push", image],
    ]);
    expect(commands().filter(([verb]) => verb === "push")).toHaveLength(1);
    expect(commands().at(-1)).toEqual(["pull", `${repository}@${good}`]);
  });

  const [own, others] = [`${repository}@${bad}`, `other.example.com/x@${good}`];

  test.each([
    [
      "passes over a digest that only the engine knows, and those of other repositories",
      image,
      [others, own, `${repository}@${good}`],
    ],
    [
      "knows an image of Docker's own registry, whose name Docker leaves out",
      "docker.io/me/x:tag",
      [`me/x@${bad}`, `me/x@${good}`],
    ],
  ])("%s", async (_, published, told) => {
    const { commands } = registry(told, [good]);
    expect(await publishImage(podman, local, published, nobody)).toBe(good);
    expect(commands().at(-1)).toEqual(["pull", `${published.replace(/:tag$/, "")}@${good}`]);
    expect(JSON.stringify(commands())).not.toContain("other.example.com");
  });

  test("takes no image of Docker's own registry for one of another", async () => {
    const { commands } = registry([`team/spark-cluster-base@${good}`, `docker.io/team/spark-cluster-base@${good}`], [good]);
    expect(await messageOf(publishImage(docker, local, image, nobody))).toContain(`the registry took ${image}`);
    expect(JSON.stringify(commands())).not.toContain("@sha256:");
  });

  test("is an error where the registry gives what it took under no digest", async () => {
    registry([own], []);
    const message = await messageOf(publishImage(podman, local, image, nobody));
    expect(message).toMatch(new RegExp(`^the registry took ${image}.*${bad}`));
  });

  test("logs in for the push as for the pull", async () => {
    const { all } = registry([`${repository}@${good}`], [good]);
    await publishImage(podman, local, image, me);
    const remote = all().filter((call) => call.includes("push") || call.includes("pull"));
    expect(remote.length).toBeGreaterThan(1);
    expect(remote.every((call) => call.includes("--authfile"))).toBe(true);
  });

  test("without the right to says so, and what to do", async () => {
    fakeClient("case \"$command\" in push*) echo 'denied: requested access to the resource is denied' >&2; exit 1;; esac");
    const message = await messageOf(publishImage(docker, local, image, nobody));
    expect(message).toContain(`the registry registry.example.com:5000 lets nobody push ${image} without a login`);
  });

  test("an image that the engine does not have is the engine's word, before the registry is asked", async () => {
    const { commands } = fakeClient("echo 'No such image' >&2; exit 1");
    await expect(publishImage(docker, local, image, nobody)).rejects.toThrow("No such image");
    expect(commands().map(([verb]) => verb)).toEqual(["tag"]);
  });
});

describe("pinning", () => {
  const tagged = "registry.example.com:5000/debian:12";
  const [digest, other] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];

  test.each([
    ["the tag", tagged, tagged],
    ["the tag of an image that has a digest", `${tagged}@${other}`, tagged],
    ["the latest where there is neither", repositoryOf(tagged), repositoryOf(tagged)],
  ])("asks for %s, takes the digest that Docker is told, and has the engine know the image by it", async (_, given, asked) => {
    const { commands } = fakeClient(`echo 'Digest: ${digest}'`);
    expect(await pinImage(docker, given)).toBe(`${asked}@${digest}`);
    expect(commands()).toEqual([
      ["pull", asked],
      ["pull", `${asked}@${digest}`],
    ]);
  });

  test("has nothing to ask for where there is a digest without a tag", async () => {
    const { commands } = fakeClient(`echo 'Digest: ${digest}'`);
    const message = await messageOf(pinImage(docker, `${repositoryOf(tagged)}@${other}`));
    expect(message).toMatch(/has a digest and no tag.*pulumi config set baseImage/);
    expect(commands()).toEqual([]);
  });

  /** A Podman that remembers some digests of an image, of which the registry has one. */
  const remembering = (own: string, all: readonly string[], had: string) =>
    fakeClient(`
case "$command" in
  *.Digest*) echo ${own} ;;
  *.RepoDigests*) echo '${JSON.stringify(all.map((each) => `registry.example.com:5000/debian@${each}`))}' ;;
  *@${had}) ;;
  *@*) echo 'manifest unknown' >&2; exit 1 ;;
esac`);

  test.each([
    ["that Podman calls it by, if the registry has it", digest],
    ["that Podman knows as well, where only Podman calls it by the first", other],
  ])("takes the digest %s", async (_, own) => {
    remembering(own, [other, digest], digest);
    expect(await pinImage(podman, tagged)).toBe(`${tagged}@${digest}`);
  });

  test.each([
    ["no registry answers", refusing("dial tcp: lookup registry.example.com: no such host"), /no such host$/],
    [
      "the registry gives it by none",
      `case "$command" in *.Repo*) echo '[]' ;; *.Digest*) echo ${digest} ;; *@*) exit 1 ;; esac`,
      /It was pulled, and is there by no digest\.$/,
    ],
  ])("is one error with what to do where %s", async (_what, script, last) => {
    fakeClient(script);
    const message = await messageOf(pinImage(podman, tagged));
    const todo = "with a digest, so nothing is pinned: make pin again where podman can pull it";
    expect(message).toContain(`No registry gives ${tagged} ${todo}`);
    expect(message).toMatch(last);
  });
});
