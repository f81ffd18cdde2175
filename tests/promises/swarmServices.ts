import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { labelled } from "../../engine/labels";
import { Inspected } from "../../testbed/inspected";
import { ok } from "../../testbed/run";
import { until } from "../../testbed/until";
import { SwarmLife } from "../helpers/swarmLife";

const comesUp = "up makes a cluster over three machines by the commands of the documentation, and a job runs on all workers";

interface Service {
  readonly Spec: {
    readonly EndpointSpec: { readonly Mode: string; readonly Ports?: unknown };
    readonly TaskTemplate: {
      readonly ContainerSpec: { readonly Image: string; readonly ReadOnly: boolean; readonly CapabilityDrop: readonly string[] };
      readonly Resources: {
        readonly Limits: { readonly MemoryBytes: number };
        readonly Reservations: { readonly MemoryBytes: number };
      };
    };
  };
}

/** A page by HTTP, with what an engine's container has: `get HOST:PORT/PATH`. */
const get = `
host=\${1%%/*}; path=/; [ "$host" = "$1" ] || path=/\${1#*/}
exec 3<> "/dev/tcp/\${host%:*}/\${host#*:}"
printf 'GET %s HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n' "$path" "$host" >&3
cat <&3`;

/** The first steps of a swarm's life: it comes up, and its services are as they should be. */
export function swarmServices(life: SwarmLife): void {
  life.step(comesUp, async () => {
    await life.asDocumented("folders");
    const output = await life.asDocumented("laptop to machines");
    expect(output).toContain("A job ran on all 3 workers and gave the right answer.");
    expect(await life.nodesOf("worker")).toEqual(["node-1", "node-2", "node-3"]);
    expect(await life.nodesOfTasks()).toEqual(["node-1", "node-2", "node-3"]);
  });

  life.step("a second up changes nothing, after a look at the swarm too", comesUp, async (stack) => {
    expect(await stack.pendingChanges()).toBe("");
  });

  life.step("every service runs an image by its digest, publishes no port, and has its limits and rights", comesUp, async () => {
    const services = await life.services<Service>();
    expect(services).toHaveLength(5);
    const secret = await life.rpcSecret();
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

  const open = (url: string) =>
    ok("docker", ["exec", life.lab.nodes[0]!.container, "bash", "-c", get, "bash", url.replace("http://", "")]);

  life.step("the gateway opens the pages, at the manager's own loopback", comesUp, async (stack) => {
    const { jupyterlab, sparkUi, historyServer } = await stack.outputs();
    const [gateway] = JSON.parse(await life.lab.ask("inspect", stack.nameOf("gateway"))) as [Inspected];
    const bindings = Object.values(gateway.HostConfig.PortBindings ?? {}).flat();
    expect(bindings.map((each) => each?.HostIp)).toEqual(["127.0.0.1", "127.0.0.1", "127.0.0.1"]);
    expect(await open(sparkUi)).toContain("Spark Master at spark://spark-master:7077");
    expect(await open(`${new URL(jupyterlab).origin}/api`)).toMatch(/"version"/);
    await until("the history server lists the job", 300, async () =>
      (await open(`${historyServer}/api/v1/applications`)).includes("smoke job"),
    );
  });

  life.step(
    "with basePath, the gateway opens all pages on JupyterLab's port, to those who have its token",
    comesUp,
    async (stack) => {
      await stack.set("basePath", "/spark");
      await stack.bareUp();
      try {
        const { jupyterlab, sparkUi, historyServer } = await stack.outputs();
        const { origin, search: token } = new URL(jupyterlab);
        expect([sparkUi, historyServer]).toEqual([`${origin}/spark/ui/`, `${origin}/spark/history-server/`]);
        expect(await open(sparkUi)).toMatch(/^HTTP\/1.1 302 /);
        expect(await open(sparkUi + token)).toContain("Spark Master at spark://spark-master:7077");
        expect(await open(historyServer + token)).toContain("History Server");
      } finally {
        await stack.pulumi("config", "rm", "basePath");
        await stack.bareUp();
      }
    },
  );

  life.step("workers see the files that notebooks write, and notebooks those of the workers", comesUp, async () => {
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
    const [seen = "", table] = (await life.python(source)).trim().split("\n");
    expect(seen).toContain("'seen'");
    expect(table).toBe("1000 True");
  });

  life.step("a function uses modules beside its notebook, writes to its home, and has pythonMemory", comesUp, async () => {
    const source = `
import os, pathlib, sys
from pyspark.sql import SparkSession
os.chdir("/opt/workspace")
pathlib.Path("beside.py").write_text("def double(x):\\n    return 2 * x\\n")
sys.path.insert(0, "")
import beside
def home(_):
    path = os.path.expanduser("~/.cache/birds")
    os.makedirs(path, exist_ok=True)
    return path
def large(_):
    kept = b"1" * (620 << 20)
    __import__("time").sleep(10)
    return len(kept)
numbers = SparkSession.builder.getOrCreate().sparkContext.parallelize(range(3), 3)
print(sorted(numbers.map(beside.double).collect()), set(numbers.map(home).collect()))
try:
    numbers.map(large).collect()
except Exception as error:
    print("pythonMemory" in str(error), numbers.count())
`;
    expect(await life.python(source)).toContain("[0, 2, 4] {'/var/lib/spark/home/.cache/birds'}\nTrue 3\n");
  });

  life.step("status, logs and submit work as on one engine", comesUp, async (stack) => {
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
}

/** The last step: down removes everything but the data. */
export function swarmDown(life: SwarmLife): void {
  life.step("down removes everything but the data", async (stack) => {
    await stack.must("down");
    expect(await life.lab.ask("service", "ls", "--quiet")).toBe("");
    expect(await life.lab.ask("secret", "ls", "--quiet")).toBe("");
    // The swarm removes containers that ended before in its own time.
    await until("no container is left", 300, async () => {
      const left = await life.lab.ask("ps", "--all", "--quiet", "--filter", labelled("stack", stack.name));
      return left === "";
    });
    expect(await life.lab.ask("network", "ls", "--quiet", "--filter", labelled("stack", stack.name))).toBe("");
  });
}
