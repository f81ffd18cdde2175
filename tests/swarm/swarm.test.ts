import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { S3Server } from "../ide/helpers/s3Server";
import { ok } from "../integration/helpers/run";
import { TestStack } from "../integration/helpers/testStack";
import { tell, until } from "../integration/helpers/until";
import { rightAnswer, slowShuffle } from "../faults/helpers/faults";
import { SwarmLab } from "./helpers/swarmLab";

let lab: SwarmLab;
let stack: TestStack;
let store: S3Server;
const service = (part: string) => `spark-cluster-${stack.name}-${part}`;
const bucket = "lake";

/** Where tasks ran: a node for each executor that had one. */
const whereTasksRan = `
import json, os, time, urllib.request
from pyspark.sql import SparkSession
def free():
    with urllib.request.urlopen("http://spark-master:8080/json/", timeout=60) as answer:
        state = json.load(answer)
    return [worker["state"] for worker in state["workers"]].count("ALIVE") == 3 and state["coresused"] == 0
while not free(): # a worker that was cut off counts for a minute
    time.sleep(1)
spark = SparkSession.builder.appName("where").getOrCreate()
tracker = spark.sparkContext._jsc.sc().statusTracker()
cores = int(spark.conf.get("spark.cores.max"))
while len(tracker.getExecutorInfos()) <= cores:
    time.sleep(0.2)
def node(_):
    yield os.environ["SPARK_CLUSTER_NODE"]
nodes = spark.sparkContext.range(cores, numSlices=cores).barrier().mapPartitions(node).collect()
print(json.dumps(sorted(nodes)))
`;

beforeAll(async () => {
  lab = await SwarmLab.start(3);
  store = await S3Server.start(bucket, lab.address); // the nodes have bridges of their own, with the address of this machine's
  // Small, so that four workers and their jobs leave the machine something to breathe.
  const config = {
    networkEncryption: "false", // this machine's kernel has no ESP
    workers: "3",
    workerCores: "1",
    sessions: "1",
    workerMemory: "512m",
    drainTimeout: "60",
  };
  stack = await TestStack.make({ name: "machines", config });
  await stack.setAll({ "s3.endpoint": store.endpoint }, { "s3.accessKey": store.accessKey, "s3.secretKey": store.secretKey });
});

afterAll(async () => {
  await TestStack.destroyAll();
  await S3Server.stopAll();
  await SwarmLab.stopAll();
});

/** A job of half a minute and more, begun, and what it prints at its end. */
async function longJob(name: string): Promise<{ readonly answer: Promise<string> }> {
  const answer = lab.python(stack.name, slowShuffle(name), { timeout: 1000 });
  answer.catch(() => undefined); // it is looked at when the test comes to it
  const container = (await lab.ask("ps", "--quiet", "--filter", "label=spark-cluster.role=jupyterlab")).trim();
  await until(`${name} is at work`, 300, () =>
    lab.ask("exec", container, "test", "-e", `/opt/workspace/${name}.mapping`).then(
      () => true,
      () => false,
    ),
  );
  return { answer };
}

/** The services, by name: a number that rises with each update. */
async function versions(): Promise<Record<string, number>> {
  const ids = (await lab.ask("service", "ls", "--quiet")).split("\n").filter(Boolean);
  const services = JSON.parse(await lab.ask("service", "inspect", ...ids)) as {
    readonly Spec: { readonly Name: string };
    readonly Version: { readonly Index: number };
    readonly ID: string;
  }[];
  return Object.fromEntries(services.map(({ Spec, Version }) => [Spec.Name.replace(service(""), ""), Version.Index]));
}

test("up makes a cluster over three machines, command by command as the documentation says, and a job runs on all workers", async () => {
  await asDocumented("folders");
  const output = await asDocumented("laptop to machines");
  expect(output).toContain("A job ran on all 3 workers and gave the right answer.");
  expect(await lab.nodesOf(service("worker"))).toEqual(["node-1", "node-2", "node-3"]);
  const nodes = JSON.parse(await lab.python(stack.name, whereTasksRan)) as string[];
  expect(nodes).toEqual(["node-1", "node-2", "node-3"]);
});

/** Runs the commands below a mark of docs/several-machines.md as they stand there, and returns what they print. */
function asDocumented(mark: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
  const page = readFileSync(join(stack.folder, "docs/several-machines.md"), "utf8");
  const [, commands = ""] = new RegExp(`<!-- ${mark} -->\\s+\`\`\`sh\\n([^]*?)\`\`\``).exec(page) ?? [];
  expect(commands).not.toBe("");
  const env = { ...stack.env, REGISTRY: lab.registry.address, MANAGER: lab.manager.host, FOLDER: lab.folder, ...variables };
  return ok("bash", ["-ec", `eval "$(make -s env)"\n${commands}`], { cwd: stack.folder, env, timeout: 1700 });
}

test("a second up changes nothing, after a look at the swarm too", async () => {
  expect(await stack.pendingChanges()).toBe("");
});

test("every service runs an image by its digest, publishes nothing, and is closed", async () => {
  const ids = (await lab.ask("service", "ls", "--quiet")).split("\n").filter(Boolean);
  const services = JSON.parse(await lab.ask("service", "inspect", ...ids)) as {
    readonly Spec: {
      readonly EndpointSpec: { readonly Mode: string; readonly Ports?: unknown };
      readonly TaskTemplate: {
        readonly ContainerSpec: {
          readonly Image: string;
          readonly ReadOnly: boolean;
          readonly CapabilityDrop: readonly string[];
          readonly Env: readonly string[];
        };
        readonly Resources: {
          readonly Limits: { readonly MemoryBytes: number };
          readonly Reservations: { readonly MemoryBytes: number };
        };
      };
    };
  }[];
  expect(services).toHaveLength(4);
  const secret = await rpcSecret();
  for (const { Spec } of services) {
    const { ContainerSpec, Resources } = Spec.TaskTemplate;
    expect(ContainerSpec.Image).toMatch(/^[\d.:]+\/spark-cluster-[a-z-]+@sha256:[0-9a-f]{64}$/);
    expect(ContainerSpec.ReadOnly).toBe(true);
    expect(ContainerSpec.CapabilityDrop).toEqual(["ALL"]);
    expect(Spec.EndpointSpec).toEqual({ Mode: "dnsrr" });
    expect(Resources.Reservations.MemoryBytes).toBe(Resources.Limits.MemoryBytes);
    expect(JSON.stringify(Spec)).not.toContain(secret);
  }
});

async function rpcSecret(): Promise<string> {
  const source =
    "print(*(line.split(' = ')[1] for line in open('/etc/spark-cluster/spark-defaults.conf') if '.secret = ' in line))";
  const secret = (await lab.python(stack.name, source)).trim();
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  return secret;
}

test("what a person opens is opened by the gateway, at the manager's own loopback", async () => {
  const { jupyterlab, sparkUi, historyServer } = await stack.outputs();
  const gateway = JSON.parse(await lab.ask("inspect", service("gateway"))) as [
    { readonly HostConfig: { readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[]>> } },
  ];
  const bindings = Object.values(gateway[0].HostConfig.PortBindings).flat();
  expect(bindings.map(({ HostIp }) => HostIp)).toEqual(["127.0.0.1", "127.0.0.1", "127.0.0.1"]);
  const open = (url: string) =>
    ok("docker", ["exec", lab.nodes[0]!.container, "bash", "-c", get, "bash", url.replace("http://", "")]);
  expect(await open(sparkUi)).toContain("Spark Master at spark://spark-master:7077");
  expect(await open(`${new URL(jupyterlab).origin}/api`)).toMatch(/"version"/);
  await until("the history server lists the job", 300, async () =>
    (await open(`${historyServer}/api/v1/applications`)).includes("smoke job"),
  );
});

/** A page by HTTP, with what an engine's container has: `get HOST:PORT/PATH`. */
const get = `
host=\${1%%/*}; path=/; [ "$host" = "$1" ] || path=/\${1#*/}
exec 3<> "/dev/tcp/\${host%:*}/\${host#*:}"
printf 'GET %s HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n' "$path" "$host" >&3
cat <&3`;

test("workers see what notebooks write, and the other way round", async () => {
  const source = `
import os, pathlib
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
pathlib.Path("/opt/workspace/from-the-driver").write_text("seen")
def look(_):
    yield os.environ["SPARK_CLUSTER_NODE"], pathlib.Path("/opt/workspace/from-the-driver").read_text()
print(sorted(set(spark.sparkContext.range(12, numSlices=12).mapPartitions(look).collect())))
spark.range(1000).write.mode("overwrite").parquet("/opt/workspace/table")
print(spark.read.parquet("/opt/workspace/table").count(), len(list(pathlib.Path("/opt/workspace/table").glob("*.parquet"))) > 1)
`;
  const [seen = "", table] = (await lab.python(stack.name, source)).trim().split("\n");
  expect(seen).toContain("'seen'");
  expect(table).toBe("1000 True");
});

test("a worker comes under a running job, and no other service is touched", async () => {
  const before = await versions();
  const { answer } = await longJob("scaled");
  await asDocumented("more workers");
  expect(await lab.nodesOf(service("worker"))).toHaveLength(4);
  expect(await answer).toContain(rightAnswer);
  const after = await versions();
  expect(after.master).toBe(before.master);
  expect(after["history-server"]).toBe(before["history-server"]);
  expect(after.worker).toBeGreaterThan(before.worker!);
});

test("a worker goes, and another image of the others comes one worker at a time: a running job survives both", async () => {
  const before = await versions();
  appendFileSync(join(stack.folder, "images/spark-worker/Dockerfile"), "RUN true\n");
  await ok("make", ["publish", "STACK=machines-images"], { cwd: stack.folder, env: stack.env, timeout: 900 });
  const { answer } = await longJob("updated");
  await stack.set("workers", "3");
  await stack.bareUp();
  expect(await lab.nodesOf(service("worker"))).toHaveLength(3);
  expect(await answer).toContain(rightAnswer);
  const logs = await lab.logsOf(service("worker"));
  expect(new Set(logs.match(/Decommission worker worker-\S+/g)).size).toBeGreaterThanOrEqual(3);
  const after = await versions();
  expect(after.worker).toBeGreaterThan(before.worker!);
  expect(after.master).toBe(before.master);
  expect(after.jupyterlab).toBe(before.jupyterlab);
});

test("a node is drained in the middle of a job, which survives it", async () => {
  const { answer } = await longJob("drained");
  await lab.ask("node", "update", "--availability", "drain", "node-3");
  await lab.untilOn(service("worker"), 480, (nodes) => nodes.length === 3 && !nodes.includes("node-3"));
  expect(await answer).toContain(rightAnswer);
  await lab.ask("node", "update", "--availability", "active", "node-3");
});

test("a node is killed with the master and a worker on it: the master comes back on another, with all that it knew", async () => {
  await lab.ask("node", "update", "--label-add", "daemons=yes", "node-2");
  await lab.ask("node", "update", "--label-add", "daemons=yes", "node-3");
  await stack.pulumi("config", "set", "--path", "placement.master", "daemons=yes");
  await stack.bareUp();
  const [place = ""] = await lab.nodesOf(service("master"));
  expect(["node-2", "node-3"]).toContain(place);
  const { answer } = await longJob("bereft");
  const number = Number(place.replace("node-", ""));
  tell(`power cut of ${place}`);
  await lab.kill(number);
  await lab.untilOn(service("master"), 480, ([now]) => now !== undefined && now !== place);
  expect(await answer).toContain(rightAnswer);
  await lab.revive(number);
  await stack.bareUp();
  const nodes = JSON.parse(await lab.python(stack.name, whereTasksRan)) as string[];
  expect(nodes).toHaveLength(3);
});

test("another secret by its generation is on every machine, and nothing of the old one is left", async () => {
  const before = await rpcSecret();
  await stack.set("secretGeneration", "2");
  await stack.bareUp();
  expect(await rpcSecret()).not.toBe(before);
  expect(JSON.parse(await lab.python(stack.name, whereTasksRan))).toHaveLength(3);
  const kept = (await lab.ask("secret", "ls", "--format", "{{.Name}}")).split("\n").filter(Boolean);
  const parts = kept.map((name) => name.replace(/-[0-9a-f]{16}$/, ""));
  expect(new Set(parts).size).toBe(parts.length);
});

test("a worker on each node, and back to a number of them where the nodes have a label: no other service is touched", async () => {
  const before = await versions();
  const ids = () => lab.ask("service", "ls", "--format", "{{.Name}} {{.ID}}");
  const idOf = async (part: string) => new RegExp(`^${service(part)} (\\w+)$`, "m").exec(await ids())?.[1];
  const [worker, master] = [await idOf("worker"), await idOf("master")];
  await asDocumented("a worker on each node");
  expect(await lab.nodesOf(service("worker"))).toEqual(["node-1", "node-2", "node-3"]);
  expect(await idOf("worker")).not.toBe(worker);
  expect(await idOf("master")).toBe(master);
  expect(await versions()).toMatchObject({ master: before.master, jupyterlab: before.jupyterlab });
  expect(await stack.pendingChanges()).toBe("");
  await stack.set("workers", "3");
  await asDocumented("labels", { NODE: "node-3" });
  expect(await lab.nodesOf(service("worker"))).toEqual(["node-3", "node-3", "node-3"]);
  expect(await lab.nodesOf(service("jupyterlab"))).toEqual(["node-1"]);
  expect(await versions()).toMatchObject({ master: before.master, jupyterlab: before.jupyterlab });
});

test("status, logs and submit work as on one engine", async () => {
  // A worker that was cut off counts for a minute.
  let status = "";
  await until("all three workers, and no other, are free", 300, async () => {
    status = (await stack.make("status")).output;
    return status.includes("The master is ALIVE: 3 workers, 0 of 3 cores in use");
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${status}`);
  });
  expect(status).toMatch(/spark-cluster-machines-jupyterlab +running on node-1/);
  const job = join(stack.folder, "job.py");
  writeFileSync(job, "from pyspark.sql import SparkSession\nprint(SparkSession.builder.getOrCreate().range(10).count())\n");
  expect(await stack.must("submit", { env: { APP: job } })).toContain("10");
  expect(await stack.must("logs", { env: { ROLE: "worker" } })).toContain("Successfully registered with master");
});

test("a volume of one machine for all of them is refused, with the reason, and so is more than the nodes hold", async () => {
  await stack.pulumi("config", "rm", "sharedStorage");
  const { code, output } = await stack.tryPulumi("preview");
  expect(code).not.toBe(0);
  expect(output).toContain("a volume of one machine is another, empty one on the next");
  await stack.pulumi("config", "set", "--path", "sharedStorage.folder", lab.folder);
  await stack.set("workers", "500");
  const more = await stack.tryPulumi("preview");
  expect(more.code).not.toBe(0);
  expect(more.output).toMatch(/x worker of [\dm]+ found no node with more than/);
  const fits = /pulumi config set workers (\d+)/.exec(more.output)?.[1] ?? "none";
  expect(Number(fits)).toBeGreaterThan(3);
  await stack.set("workers", "3");
});

test("with a bucket in place of a folder, tables and event logs are in it, and no job misses them", async () => {
  await stack.pulumi("config", "rm", "sharedStorage");
  await stack.pulumi("config", "rm", "placement");
  await stack.pulumi("config", "set", "--path", "s3.bucket", bucket);
  await stack.bareUp();
  const source = `
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("in the bucket").getOrCreate()
spark.range(1000).write.mode("overwrite").saveAsTable("numbers")
print(spark.table("numbers").selectExpr("sum(id)").first()[0])
`;
  expect(await lab.python(stack.name, source)).toContain("499500");
  const objects = store.objects(bucket);
  expect(objects.some((path) => path.startsWith(`spark-cluster/${stack.name}/warehouse/numbers/part-`))).toBe(true);
  expect(objects.some((path) => path.startsWith(`spark-cluster/${stack.name}/event-log/eventlog_v2_`))).toBe(true);
});

test("a server for NFS that is none is told from the node that misses it, and each node was told the same", async () => {
  await stack.pulumi("config", "rm", "--path", "s3.bucket");
  await asDocumented("nfs", { SERVER: lab.address });
  await stack.set("readyTimeout", "60");
  const { code, output } = await stack.tryPulumi("up", "--yes", "--skip-preview");
  expect(code).not.toBe(0);
  expect(output).toMatch(/does not stay up|do not run yet/);
  for (const node of lab.nodes) {
    await until(`${node.container} has been told`, 180, async () => {
      const names = (await lab.askNode(node, "volume", "ls", "--quiet", "--filter", "name=workspace-"))
        .split("\n")
        .filter(Boolean);
      const volumes = names.length === 0 ? "[]" : await lab.askNode(node, "volume", "inspect", ...names);
      const told = { type: "nfs", o: `addr=${lab.address},nfsvers=4.2`, device: `:/export/${stack.name}/workspace` };
      return (JSON.parse(volumes) as { readonly Options: unknown }[]).some(({ Options }) => isDeepStrictEqual(Options, told));
    });
  }
});

test("down takes all of it away but the data", async () => {
  await stack.must("down");
  expect(await lab.ask("service", "ls", "--quiet")).toBe("");
  expect(await lab.ask("secret", "ls", "--quiet")).toBe("");
  // Those that ended before, the swarm takes away in its own time.
  await until("no container is left", 300, async () => {
    const left = await lab.ask("ps", "--all", "--quiet", "--filter", `label=spark-cluster.stack=${stack.name}`);
    return left === "";
  });
  expect(await lab.ask("network", "ls", "--quiet", "--filter", `label=spark-cluster.stack=${stack.name}`)).toBe("");
});
