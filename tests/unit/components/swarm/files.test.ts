import * as pulumi from "@pulumi/pulumi";
import { parse } from "dot-properties";
import fc from "fast-check";

import { sessionSize } from "../../../../spark/sessionSize";
import { SecretFiles } from "../../../../components/swarm/secretFiles";
import { clusterConfig } from "../../../../testbed/stackConfig";
import { runCluster } from "../../helpers/cluster";
import { customResources, resolved, run, unknown } from "../../helpers/mocks";
import { container, everyRole, ofType, onASwarm, Placed, withAll } from "../../helpers/swarmCluster";

const owner = { stack: "dev", home: "abc" };
const files = (
  content: pulumi.Input<string>,
  rest: Partial<ConstructorParameters<typeof SecretFiles>[1]> = {},
  preview = false,
) => run(() => new SecretFiles("it", { owner, files: { "a.conf": content }, ...rest }), { preview });
/** The name that Pulumi makes of a resource's. */
const onceNamed = (resource: string) => `${resource}-0123456`;
/** A name as Swarm takes it (swarmkit's validation of annotations). */
const nameOfSwarm = /^[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?$/;

test("files are secrets, one for each, that only the cluster's user may read", async () => {
  const { get, result } = await files("text", { files: { "a.conf": "text", token: "other" } });
  const secret = get("it-a.conf");
  expect(secret).toMatchObject({
    type: "docker:index/secret:Secret",
    inputs: {
      data: Buffer.from("text").toString("base64"),
      labels: [
        { label: "spark-cluster.stack", value: "dev" },
        { label: "spark-cluster.home", value: "abc" },
      ],
    },
    secrets: ["data"],
    options: { parent: "it", deleteBeforeReplace: false },
  });
  const read = await resolved(pulumi.output([...result.secrets]));
  expect(read.value.map(({ fileName, fileUid, fileGid, fileMode }) => [fileName, fileUid, fileGid, fileMode])).toEqual([
    ["/etc/spark-cluster/a.conf", "1000", "1000", 0o400],
    ["/etc/spark-cluster/token", "1000", "1000", 0o400],
  ]);
  expect(read.value[0]).toMatchObject({
    secretId: "it-a.conf-id",
    secretName: expect.stringMatching(/^it-a\.conf-of-/) as string,
  });
  expect(result.mounts).toEqual([]);
});

test("their names are left to Pulumi: one that is replaced, or that the state has lost, has another name than the one in use", async () => {
  const names = customResources((await files("text")).resources).map(({ inputs }) => inputs.name);
  expect(names).toEqual([undefined]);
});

test("they have a revision that is another when one of them is, and their content is in neither name nor revision", async () => {
  const both = async (one: string, other: string) => {
    const { get, result } = await files("", { files: { one, other } });
    const { value, secret } = await resolved(result.revision);
    expect([secret, get("it-one").secrets]).toEqual([false, ["data"]]);
    return value;
  };
  const revision = await both("hunter2", "x");
  expect(revision).toMatch(/^[0-9a-f]{16}$/);
  expect(await both("hunter2", "x")).toBe(revision);
  expect(new Set([revision, await both("hunter2", "y"), await both("x", "hunter2"), await both("y", "x")]).size).toBe(4);
});

test("those that a preview does not know have a revision that it does not know", async () => {
  const blind = await files(pulumi.unknown as unknown as string, {}, true);
  expect(blind.get("it-a.conf").inputs).toMatchObject({ data: unknown });
  expect(await resolved(blind.result.revision)).toMatchObject({ known: false });
});

test("Pulumi makes names of them that Swarm takes, however long those of the cluster and the files are", async () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9.]{0,79}$/);
  await fc.assert(
    fc.asyncProperty(word, word, word, async (cluster, file, other) => {
      const texts = { [file]: "text", [`${file}${other}`]: "text" };
      const { resources } = await run(() => new SecretFiles(cluster, { owner, files: texts }));
      const names = customResources(resources).map(({ name }) => onceNamed(name));
      expect(new Set(names).size).toBe(2);
      expect(names.filter((name) => name.length > 64 || !nameOfSwarm.test(name))).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

describe("the files of a cluster", () => {
  test("hold what is generated, which stands in no input that is not a secret, and have names that Swarm takes", async () => {
    const cluster = await onASwarm(withAll);
    const secrets = ofType(cluster, "Secret");
    const holding = secrets.filter(({ inputs }) => Buffer.from(String(inputs.data), "base64").includes("value of spark-"));
    expect(holding.map(({ name }) => name).sort()).toEqual([
      "spark-catalog-config-catalog-password",
      "spark-connect-config-spark-defaults.conf",
      "spark-daemon-config-spark-defaults.conf",
      "spark-driver-config-jupyter-token",
      "spark-driver-config-spark-defaults.conf",
    ]);
    expect(secrets.map((each) => each.secrets)).toEqual(Array(11).fill(["data"]));
    const telling = customResources(cluster.resources).filter(({ inputs }) => JSON.stringify(inputs).includes("value of"));
    expect(telling).toEqual([]);
    const names = secrets.map(({ name }) => onceNamed(name));
    expect(names.filter((name) => name.length > 64 || !nameOfSwarm.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test("are read by those whose files they are, and notebooks have one that asks for their size", async () => {
    const cluster = await onASwarm(withAll);
    const read = (role: Placed) =>
      container(cluster, role)
        .secrets.map(({ fileName }) => String(fileName).replace("/etc/spark-cluster/", ""))
        .sort();
    const driver = ["log4j2.properties", "spark-defaults.conf"];
    expect(Object.fromEntries(everyRole.map((role) => [role, read(role)]))).toEqual({
      master: ["spark-defaults.conf"],
      worker: ["spark-defaults.conf"],
      jupyterlab: ["jupyter-token", ...driver, "overrides.json", "spark-env.sh"].sort(),
      "history-server": ["spark-defaults.conf"],
      connect: driver,
      catalog: ["catalog-password", "warehouse"],
    });
  });

  test("are what an engine's containers read, with how workers drain, and without the size of a session", async () => {
    const [swarm, engine] = [await onASwarm(), await runCluster()];
    const size = sessionSize(clusterConfig().sizes);
    const draining = [
      ...["spark.decommission.enabled", "spark.storage.decommission.enabled"],
      ...["spark.storage.decommission.rddBlocks.enabled", "spark.storage.decommission.shuffleBlocks.enabled"],
    ];
    const more = { daemon: draining.slice(0, 1), driver: draining, history: [] };
    for (const [part, settings] of Object.entries(more)) {
      const { data } = swarm.get(`spark-${part}-config-spark-defaults.conf`).inputs;
      const files = JSON.parse(String(engine.get(`spark-${part}-config-volume`).inputs.files)) as Record<string, string>;
      const onEngine = Object.entries(parse(files["spark-defaults.conf"] ?? "") as Record<string, string>);
      expect(parse(Buffer.from(String(data), "base64").toString())).toEqual({
        ...Object.fromEntries(onEngine.filter(([name]) => !Object.hasOwn(size, name))),
        ...Object.fromEntries(settings.map((name) => [name, "true"])),
      });
    }
  });
});
