import { readFileSync } from "node:fs";
import { join } from "node:path";

import { labelled } from "../../engine/labels";
import { SwarmLab } from "../../testbed/engines/swarmLab";
import { ok } from "../../testbed/run";
import { S3Server } from "../../testbed/servers/s3Server";
import { TestStack } from "../../testbed/testStack";
import { until } from "../../testbed/until";
import { slowShuffle } from "./faults";
import { Life } from "./life";

export const bucket = "lake";

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

/** The life of a cluster over three engines, with an object store that their containers reach. */
export class SwarmLife extends Life {
  /** All three exist once a step runs. */
  lab!: SwarmLab;
  store!: S3Server;
  private machines!: TestStack;

  constructor() {
    super();
    afterAll(async () => {
      await S3Server.stopAll();
      await SwarmLab.stopAll();
    });
  }

  protected override async makeStack(): Promise<TestStack> {
    const lab = await SwarmLab.start();
    const store = await S3Server.start(bucket, lab.address); // the nodes have bridges of their own, with the address of this machine's
    // Small, so that four workers and their jobs leave the machine something to breathe.
    const config = {
      networkEncryption: "false", // this machine's kernel has no ESP
      workers: "3",
      workerCores: "1",
      sessions: "1",
      workerMemory: "512m",
      drainTimeout: "60",
    };
    const stack = await TestStack.make({ name: "machines", config });
    await stack.setAll({ "s3.endpoint": store.endpoint }, { "s3.accessKey": store.accessKey, "s3.secretKey": store.secretKey });
    [this.lab, this.store, this.machines] = [lab, store, stack];
    return stack;
  }

  python(source: string): Promise<string> {
    return this.lab.python(this.machines.name, source);
  }

  /** The nodes on which three executors of a new session ran a task each. */
  async nodesOfTasks(): Promise<readonly string[]> {
    return JSON.parse(await this.python(whereTasksRan)) as string[];
  }

  /** Begins a job of half a minute and more; the answer is what it prints at its end. */
  async longJob(name: string): Promise<{ readonly answer: Promise<string> }> {
    const answer = this.lab.python(this.machines.name, slowShuffle(name), { timeout: 1000 });
    answer.catch(() => undefined); // its step looks at it later
    const container = (await this.lab.ask("ps", "--quiet", "--filter", labelled("role", "jupyterlab"))).trim();
    const mapping = ["exec", container, "test", "-e", `/opt/workspace/${name}.mapping`];
    await until(`${name} is at work`, 300, () => this.lab.ask(...mapping).catch(() => undefined));
    return { answer };
  }

  /** Nodes that run a container of a part's service. */
  nodesOf(part: string): Promise<string[]> {
    return this.lab.nodesOf(this.machines.nameOf(part));
  }

  /** What the manager shows of all services. */
  async services<T>(): Promise<readonly T[]> {
    const ids = (await this.lab.ask("service", "ls", "--quiet")).split("\n").filter(Boolean);
    return JSON.parse(await this.lab.ask("service", "inspect", ...ids)) as T[];
  }

  /** A number for each service that rises with each of its updates. */
  async versions(): Promise<Record<string, number>> {
    interface Service {
      readonly Spec: { readonly Name: string };
      readonly Version: { readonly Index: number };
    }
    const services = await this.services<Service>();
    return Object.fromEntries(
      services.map(({ Spec, Version }) => [Spec.Name.replace(this.machines.nameOf(""), ""), Version.Index]),
    );
  }

  async rpcSecret(): Promise<string> {
    const source =
      "print(*(line.split(' = ')[1] for line in open('/etc/spark-cluster/spark-defaults.conf') if '.secret = ' in line))";
    const secret = (await this.python(source)).trim();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    return secret;
  }

  /** Runs the commands below a mark of docs/guide/several-machines.md as they are there, and returns what they print. */
  asDocumented(mark: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const { lab, machines: stack } = this;
    const page = readFileSync(join(stack.folder, "docs/guide/several-machines.md"), "utf8");
    const [, commands = ""] = new RegExp(`<!-- ${mark} -->\\s+\`\`\`sh\\n([^]*?)\`\`\``).exec(page) ?? [];
    expect(commands).not.toBe("");
    const env = { ...stack.env, REGISTRY: lab.registry.address, MANAGER: lab.manager.host, FOLDER: lab.folder, ...variables };
    return ok("bash", ["-ec", `eval "$(make -s env)"\n${commands}`], { cwd: stack.folder, env, timeout: 1700 });
  }
}
