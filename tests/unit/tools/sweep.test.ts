import fs from "node:fs";
import { join } from "node:path";

import { engines } from "../../../testbed/engines/socketsOfRoot";
import { placeOf } from "../../../engine/place";
import { root } from "../../../tools/programs";
import type { OpenStack } from "../../../tools/stack/openStack";
import { stacksEverLocked } from "../../../tools/stack/fileBackend";
import { sweep } from "../../../tools/stack/sweep";
import { FakeContainer, fakeEngine, FakeEngine } from "../helpers/engine";
import { temporaryFolder, write } from "../helpers/folders";

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
  jest.replaceProperty(process, "env", { ...process.env, PULUMI_BACKEND_URL: `file://${folder}` });
  jest.spyOn(console, "error").mockReturnValue();
});

const home = { id: "h", stack: "swept" };
const container = (id: string, rest: Partial<FakeContainer> = {}, ofHome = "h"): FakeContainer => ({
  id,
  labels: { "spark-cluster.role": "worker", "spark-cluster.home": ofHome },
  ...rest,
});

/** Sweeps a stack that knows these ids. Returns the commands that change something. */
async function swept(
  { livesOn, ...engine }: FakeEngine & { readonly livesOn?: string },
  ...ids: string[]
): Promise<readonly string[]> {
  const calls = fakeEngine(engine);
  const isOnSwarm = engine.swarm !== undefined;
  const host = livesOn ?? (isOnSwarm ? placeOf(engines.docker, { encryptedNetwork: false }) : engines.docker.host);
  const outputs = { output: { ...home, host } };
  const resources = [{ urn: "urn::Stash::spark-home", outputs }, ...ids.map((id) => ({ urn: `urn::${id}`, id }))];
  const pulumi = { exportStack: () => Promise.resolve({ deployment: { resources } }), cancel: () => Promise.resolve() };
  const stack = { name: "swept", engine: engines.docker, isOnSwarm, values: {}, pulumi } as unknown as OpenStack;
  await sweep(stack);
  return calls.commands.map((command) => command.join(" ")).filter((command) => !/^(info|ps|inspect|\w+ ls)/.test(command));
}

test("a container that a killed run left is removed, and so is a network; a paused container goes on", async () => {
  const containers = () => [container("a"), container("b", { status: "paused" }), container("left")];
  const networks = ["known", "lost"].map((id) => ({ id, stack: "swept", home: "h" }));
  expect(await swept({ containers, networks }, "a", "b", "known")).toEqual(["rm --force left", "network rm lost", "unpause b"]);
});

test("what was made from another state is named, with the commands, and stays", async () => {
  const engine = { containers: () => [container("other", {}, "x")], networks: [{ id: "net", stack: "swept", home: "x" }] };
  await expect(swept(engine)).rejects.toThrow(
    new RegExp(`another state than the one in file://${folder}: other, network net\\.[^]*network prune --force`),
  );
  process.env.SPARK_CLUSTER_HOME = join(folder, "own");
  write(join(folder, "own/state/.pulumi/stacks/spark-cluster/swept.json"), '{ "version": 3, "checkpoint": {} }');
  await expect(swept(engine)).rejects.toThrow(
    ` PULUMI_BACKEND_URL='file://${folder}/own/state?metadata=skip' make up STACK=swept. `,
  );
});

test.each([
  ["target engine", engines.docker.host, {}],
  ["target swarm && pulumi config set networkEncryption true", placeOf(engines.docker, { encryptedNetwork: true }), undefined],
  ["networkEncryption true", placeOf(engines.docker, { encryptedNetwork: true }), {}],
])("a stack that lives on the same engine in another way is told the key: %s", async (keys, livesOn, swarm) => {
  await expect(swept({ livesOn, swarm })).rejects.toThrow(`Stack swept: this stack lives on the engine ${livesOn}`);
  await expect(swept({ livesOn, swarm })).rejects.toThrow(`To stay there: pulumi config set ${keys}. To move: run that and`);
});

test("build secrets of a killed run are removed, but not those of a run with another state", async () => {
  const secrets = join(root, ".build/swept");
  fs.mkdirSync(secrets, { recursive: true });
  await expect(swept({ networks: [{ id: "net", stack: "swept", home: "x" }] })).rejects.toThrow("another state");
  expect(fs.existsSync(secrets)).toBe(true);
  await swept({});
  expect(fs.existsSync(secrets)).toBe(false);
});

test("a secret that the state has lost is removed, unless a service uses it, which keeps it until the next up", async () => {
  const secrets = { known: undefined, lost: undefined, used: "spark-cluster-swept-worker" };
  expect(await swept({ swarm: { secrets } }, "known")).toEqual(["secret rm lost", "secret rm used"]);
  expect(console.error).toHaveBeenCalledTimes(1);
});

test("a password that Podman's killed client left beside a Dockerfile an hour ago is removed", async () => {
  const [old, fresh] = ["old", "fresh"].map((age) => join(root, `images/base/podman-build-secret-${age}`)) as [string, string];
  [old, fresh].forEach((file) => {
    fs.writeFileSync(file, "");
  });
  fs.utimesSync(old, new Date(), Date.now() / 1000 - 3700);
  await swept({});
  const left = [old, fresh].map((file) => fs.existsSync(file));
  fs.rmSync(fresh);
  expect(left).toEqual([false, true]);
});

test("a lock that cannot be read, a state that is cut off, and a full disk of the states each end it with what to do", async () => {
  const pulumiFolder = join(folder, ".pulumi");
  const lock = join(pulumiFolder, "locks/organization/spark-cluster/swept/a.json");
  fs.mkdirSync(join(lock, ".."), { recursive: true });
  fs.writeFileSync(lock, "");
  await expect(swept({})).rejects.toThrow(
    `Another run works on stack swept: its lock in file://${folder} does not say which. Nothing was changed.`,
  );
  expect(stacksEverLocked()).toEqual(["swept"]);
  const statfs = jest.spyOn(fs, "statfsSync").mockReturnValue(Object.assign(fs.statfsSync("/"), { bavail: 1000, bsize: 4096 }));
  await expect(swept({})).rejects.toThrow(`The disk of ${pulumiFolder}, where Pulumi keeps the state, has only 3 MB left.`);
  statfs.mockRestore();
  fs.mkdirSync(join(pulumiFolder, "stacks/spark-cluster"), { recursive: true });
  fs.writeFileSync(join(pulumiFolder, "stacks/spark-cluster/swept.json"), "{");
  await expect(swept({})).rejects.toThrow("The state of stack swept is cut off");
});
