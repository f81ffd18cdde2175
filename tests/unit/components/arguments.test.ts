import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { agreed } from "../../../components/provider";
import { SparkCluster } from "../../../components/sparkCluster";
import { SparkClusterArgs } from "../../../components/sparkClusterArgs";
import { clusterConfig, Written } from "../../../testbed/stackConfig";
import { fakeEngine } from "../helpers/engine";
import { enterProjectCopy } from "../helpers/folders";
import { difference, resolved, run, RunOptions, unknown } from "../helpers/mocks";

const host = "ssh://me@birds";
/** Another engine, because this program's clusters on one may not have the same ports. */
const engine = { kind: "docker", host: "ssh://me@other" } as const;
const same = { id: "birds", host: engine.host };

beforeEach(() => {
  enterProjectCopy();
  fakeEngine();
});

const birds = (args: object = {}, opts: pulumi.ComponentResourceOptions = {}) =>
  new SparkCluster("birds", { host, caCertificates: "none", ...args }, opts);
const runBirds = (args: object = {}, options: RunOptions = {}) => run(() => birds(args), options);

/** That a program ends with an error without a stack trace, before it has registered a resource. */
async function expectRefused(program: () => unknown, message: string | RegExp): Promise<void> {
  const resources: RunOptions["resources"] = [];
  const running = run(program, { resources });
  await expect(running).rejects.toThrow(pulumi.RunError);
  await expect(running).rejects.toThrow(message);
  await pulumi.runtime.disconnect();
  expect(resources).toEqual([]);
}

test("a cluster without arguments has the defaults of the configuration, and the program's names on the engine", async () => {
  const { result, get } = await runBirds();
  expect(get("birds-worker-1").inputs).toMatchObject({ name: "spark-cluster-spark-cluster-unit-birds-worker-1", memory: 3200 });
  expect((await resolved(result.workers)).value).toEqual(["spark-worker-1", "spark-worker-2"]);
  expect(get("birds-engine")).toMatchObject({ type: "pulumi:providers:docker", inputs: { host } });
});

test.each<[SparkClusterArgs, Written]>([
  [{}, {}],
  [
    { workers: 3, executorMemory: "450m", historyServer: false, ports: { sparkUi: 4321 }, extraPythonPackages: ["six==1.17.0"] },
    {
      workers: "3",
      executorMemory: "450m",
      historyServer: "false",
      ports: { sparkUi: 4321 },
      extraPythonPackages: ["six==1.17.0"],
    },
  ],
  [
    { sparkProperties: { "spark.a": "b" }, tls: "generated" },
    { sparkProperties: { "spark.a": "b" }, tls: "generated" },
  ],
])("arguments make what the same keys of a configuration make: %j", async (args, written) => {
  const config = { ...clusterConfig(written as Readonly<Record<string, Written>>), stack: "birds" };
  const configured = await run(() => new SparkCluster("birds", { config, engine }));
  expect(difference(configured, await runBirds({ ...same, ...args }))).toEqual({ added: [], removed: [], changed: [] });
});

test("outputs as arguments make the same, and hide no more than plain values do", async () => {
  const args = { ...same, executorMemory: "450m", ports: { sparkUi: 4321 }, sparkProperties: { "spark.a": "b" } };
  const outputs = {
    ...args,
    executorMemory: pulumi.output("450m"),
    ports: { sparkUi: pulumi.secret(4321) },
    sparkProperties: pulumi.secret({ "spark.a": "b" }),
  };
  const [plain, known] = [await runBirds(args), await runBirds(outputs)];
  expect(difference(plain, known)).toEqual({ added: [], removed: [], changed: [] });
  const hidden = (all: typeof plain) => all.resources.map(({ name, secrets }) => [name, secrets]).sort();
  expect(hidden(known)).toEqual(hidden(plain));
  expect((await resolved(known.result.sparkUi)).value).toBe("http://localhost:4321");
});

test("an output that a preview does not know leaves what depends on it unknown, and nothing else", async () => {
  const later = pulumi.output("450m") as pulumi.Output<string> & { isKnown: Promise<boolean> };
  later.isKnown = Promise.resolve(false);
  const { get, resources } = await runBirds({ ...same, executorMemory: later }, { preview: true });
  expect(get("birds-worker-1").inputs).toMatchObject({ name: "spark-cluster-birds-worker-1", memory: unknown });
  expect(resources.map(({ name }) => name).sort()).toEqual(
    (await runBirds(same, { preview: true })).resources.map(({ name }) => name).sort(),
  );
});

test("all wrong arguments are told at once, in the words of a program", async () => {
  const wrong = {
    workers: 0,
    executorMemory: "12k",
    wrkers: 3,
    ports: { sparkUi: 8888 },
    registryUser: "me",
    registryPassword: "pw",
  };
  const message = `5 problems in the arguments of SparkCluster "birds"; nothing was changed.

  workers: "0"
      a whole number from 1 to 10000, or per-node
      workers: 1

  executorMemory: "12k"
      memory as Spark writes it, in whole numbers (512m, 2g), at least 450m
      executorMemory: "450m"

  wrkers: no such key
      the nearest is workers; SparkClusterArgs has all
      leave out wrkers

`;
  await expectRefused(() => birds(wrong), message);
  await expectRefused(() => birds(wrong), "ports.sparkUi: 8889");
  const secret = 'registryPassword: a secret output, such as new pulumi.Config().requireSecret("registryPassword")';
  await expectRefused(() => birds(wrong), secret);
  await expectRefused(() => birds({ id: "../x" }), /id: "\.\.\/x"[^]* id: "my-cluster"/);
});

test("a program's config is no key, and no configuration of a stack", async () => {
  const refused = "config: no such key";
  // @ts-expect-error The compiler refuses it too.
  await expectRefused(() => new SparkCluster("birds", { host, config: { workers: 3 } }), refused);
  await expectRefused(() => birds({ config: { workers: 3 }, engine: "docker" }), refused);
});

test("what decides which resources there are is no output, and on a swarm nothing is", async () => {
  await expectRefused(() => birds({ workers: pulumi.output(3) }), /workers: an output\n {6}a plain value, [^]* workers: 2/);
  const onSwarm = { target: "swarm", imageSource: "pull", executorMemory: pulumi.output("450m") };
  await expectRefused(() => birds(onSwarm), 'On a swarm, no argument of SparkCluster "birds" may be an output: executorMemory.');
  const names = { id: pulumi.output("x"), host: pulumi.output(host) };
  await expectRefused(() => birds(names), 'Neither id nor host of SparkCluster "birds" may be an output: id, host.');
});

test("a port that the cluster's own history server still holds comes in two steps of a program", async () => {
  const labels = { "spark-cluster.stack": "birds", "spark-cluster.role": "history-server" };
  fakeEngine({ containers: () => [{ id: "1", labels, ports: { "18080/tcp": [{ HostPort: "18080" }] } }] });
  await expectRefused(
    () => birds({ ...same, historyServer: false, ports: { sparkUi: 18080 } }),
    "ports.sparkUi: 18081, pulumi up, ports.sparkUi: 18080, pulumi up",
  );
});

test("a password that is a secret output is taken, and of two clusters of a program neither takes the other's ports", async () => {
  const registry = { imageRegistry: "registry.example.com", registryUser: "me", registryPassword: pulumi.secret("pw") };
  const two = () => [
    birds(registry),
    new SparkCluster("other", { host, ports: { jupyterlab: 9000, sparkUi: 9001, historyServer: 9002 } }),
  ];
  const { get } = await run(two);
  expect(get("other-worker-1").inputs.name).toBe("spark-cluster-spark-cluster-unit-other-worker-1");
  const message = /8888\n {6}a free port: this one is held by cluster spark-cluster-unit-birds of this program\n/;
  await expect(run(() => [birds(), new SparkCluster("second", { host })])).rejects.toThrow(message);
  await pulumi.runtime.disconnect();
});

test("a given provider is used, also one of the parent", async () => {
  const given = (url: string) => new docker.Provider("mine", { host: url });
  const program = () => birds({}, { providers: { docker: given(host) } });
  const { resources } = await run(program);
  const ofDocker = resources.filter(({ type }) => type.startsWith("docker:"));
  expect(new Set(ofDocker.map(({ options }) => options.provider))).toEqual(new Set(["mine"]));
  expect(resources.map(({ name }) => name)).not.toContain("birds-engine");
  const single = await run(() => birds({}, { provider: given(host) }));
  expect(single.resources.map(({ name }) => name)).not.toContain("birds-engine");
  const inside = () => birds({}, { parent: new pulumi.ComponentResource("a:b:C", "parent", {}, { providers: [given(host)] }) });
  expect((await run(inside)).resources.map(({ name }) => name)).not.toContain("birds-engine");
});

test("a provider of another engine is refused; one without a host is that of DOCKER_HOST, or of Docker's own socket", async () => {
  jest.replaceProperty(process, "env", { ...process.env, DOCKER_HOST: undefined });
  const placed = async (host: string, providers: () => docker.Provider[]) => {
    const program = () => {
      const parent = new pulumi.ComponentResource("a:b:C", "parent", {}, { providers: providers() });
      return pulumi.output(agreed(parent, "birds", { kind: "docker", host }, "here"));
    };
    return (await resolved((await run(program)).result)).value;
  };
  const mine = (args: docker.ProviderArgs) => () => [new docker.Provider("mine", args)];
  expect(await placed(host, () => [])).toBe("here");
  expect(await placed(host, mine({ host }))).toBe("here");
  expect(await placed("unix:///var/run/docker.sock", mine({}))).toBe("here");
  process.env.DOCKER_HOST = host;
  expect(await placed(host, mine({}))).toBe("here");
  const refused = placed(host, mine({ host: "ssh://me@elsewhere" }));
  await expect(refused).rejects.toThrow(
    `SparkCluster "birds" is for the engine ${host}, and its Docker provider for ssh://me@else`,
  );
});
