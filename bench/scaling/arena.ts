import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { daemonEnvironment } from "../../spark/daemon";
import { daemonProperties, driverProperties, propertiesFile } from "../../spark/properties";
import { ClusterConfig } from "../../config/clusterConfig";
import { clientCommand, lastLines } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { hasImage } from "../../engine/builds";
import { hardeningFlags } from "../../engine/hardening";
import { roles } from "../../roles";
import { writeVolume } from "../../engine/volumes";
import { ImageName, planImages } from "../../images/plan";
import { ok } from "../../testbed/run";
import { freePorts } from "../../testbed/freePorts";
import { clusterConfig } from "../../testbed/stackConfig";
import { Scratch } from "../harness/scratch";
import { client } from "../sides/client";

/** Most workers in one JVM, and the limit of its container in MiB, of which a fifth is for the executors' processes. */
export const workersOfJvm = { most: 250, memory: 1100 };

/** Limit of a driver's container, in MiB. */
export const driverMemory = 1100;

/** The resources of the master's process. */
export interface Taken {
  readonly residentMb: number;
  readonly cpuSeconds: number;
  readonly threads: number;
  readonly files: number;
  /** Heap in use after a garbage collection, if one was requested. */
  readonly heapMb?: number;
}

/** The minimum of a worker and an executor. */
const small = {
  workerCores: "1",
  workerMemory: "450m",
  executorMemory: "450m",
  driverMemory: "512m",
  sessions: "1",
  historyServer: "false",
};

const script = (name: string) => readFileSync(join(__dirname, name), "utf8");

/** A network with one master, configured as in the cluster, to which workers and drivers are added. */
export class Arena {
  private readonly containersOfWorkers: string[] = [];

  private constructor(
    private readonly engine: Engine,
    private readonly scratch: Scratch,
    private readonly name: string,
    private readonly config: ClusterConfig,
    readonly port: number,
    readonly rpcSecret: string,
  ) {}

  /** @throws if an image is missing. */
  static async make(engine: Engine, scratch: Scratch, masterMemory: string): Promise<Arena> {
    const config = clusterConfig({ ...small, masterMemory });
    const [port = 0] = await freePorts(1);
    const name = `spark-cluster-scaling-${randomBytes(3).toString("hex")}`;
    const arena = new Arena(engine, scratch, name, config, port, randomBytes(32).toString("hex"));
    await arena.begin();
    return arena;
  }

  /** Kills the master as a power cut would, and starts it again. */
  async restartMaster(): Promise<void> {
    await this.client("kill", this.master);
    await this.client("start", this.master);
  }

  async masterTakes(how: "now" | "collect"): Promise<Taken> {
    return JSON.parse(await this.client("exec", this.master, "python3", "-c", script("look.py"), how)) as Taken;
  }

  /** The state of the master's container: the reason of its end, or its health. */
  async masterIs(): Promise<{ readonly running: boolean; readonly words: string }> {
    const { State } = (JSON.parse(await this.client("inspect", this.master)) as [{ State: State }])[0];
    const end = State.OOMKilled ? "killed for its memory" : `ended with ${State.ExitCode}`;
    return { running: State.Running, words: State.Running ? (State.Health?.Status ?? "") : end };
  }

  /** Error messages of the master, each once. */
  async masterErrors(): Promise<readonly string[]> {
    const pattern = "OutOfMemoryError|Cannot reserve|Too many open files|unable to create native thread| ERROR ";
    const logs = `"$@" 2>&1 | grep -E '${pattern}' | sed -E 's/^[0-9/ :.T-]+Z? *//' | sort | uniq -c | sort -rn | head -5`;
    return (await this.piped(logs, "logs", this.master))
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
  }

  /** Starts more workers, which need some time to register. */
  async addWorkers(count: number): Promise<void> {
    for (let left = count; left > 0; left -= workersOfJvm.most) {
      const host = `workers-${this.containersOfWorkers.length + 1}`;
      const { sizes } = this.config;
      const words = [Math.min(left, workersOfJvm.most), sizes.workerCores, sizes.workerMemory].map(String);
      const mounts = [`${this.name}-daemons:/etc/spark-cluster:ro`];
      const limits = { memory: workersOfJvm.memory, tmp: 256 };
      await this.run(host, "spark-base", { limits, mounts }, ["python3", "-c", script("workers.py"), ...words]);
      this.containersOfWorkers.push(`${this.name}-${host}`);
    }
  }

  /** The number of executors started so far. */
  async executorsBegun(): Promise<number> {
    const counts = this.containersOfWorkers.map((each) => this.client("exec", each, "sh", "-c", "wc -l < /tmp/begun"));
    return (await Promise.all(counts)).map(Number).reduce((sum, each) => sum + each, 0);
  }

  /** Starts a driver with a script of this folder, under the host name of the cluster's drivers. */
  async startDriver(name: "application.py" | "pod_driver.py", ...args: readonly string[]): Promise<void> {
    const mounts = [`${this.name}-drivers:/etc/spark-cluster:ro`];
    const limits = { memory: driverMemory, tmp: 128 };
    await this.run("jupyterlab", "spark-base", { limits, mounts }, ["python3", "-c", script(name), ...args]);
  }

  /** The driver's output. @throws with its last lines if it has failed. */
  async driverSays(): Promise<string> {
    const name = `${this.name}-jupyterlab`;
    if ((await this.client("inspect", "--format", "{{.State.ExitCode}}", name)).trim() !== "0") {
      throw new Error(`the driver failed:\n${lastLines(this.engine, name)}`);
    }
    return this.client("logs", name);
  }

  async removeDriver(): Promise<void> {
    await this.client("rm", "--force", "--volumes", `${this.name}-jupyterlab`);
  }

  /** Starts a container of the arena, with the hardening of the cluster's containers. */
  async run(
    host: string,
    image: ImageName,
    options: {
      readonly limits: { readonly memory: number; readonly tmp: number };
      readonly mounts?: readonly string[];
      readonly environment?: Readonly<Record<string, string>>;
      readonly more?: readonly string[];
    },
    command: readonly string[] = [],
  ): Promise<void> {
    const { limits, mounts = [], environment = {}, more = [] } = options;
    const name = `${this.name}-${host}`;
    await this.client(
      ...["run", "--detach", "--name", name, "--label", this.label, "--hostname", host],
      ...["--network", this.name, "--network-alias", host],
      ...["--memory", `${limits.memory}m`, "--memory-swap", `${limits.memory}m`, "--init", ...hardeningFlags],
      ...["--tmpfs", `/tmp:rw,exec,nosuid,nodev,mode=1777,size=${limits.tmp}m`],
      ...mounts.flatMap((mount) => ["--volume", mount]),
      ...Object.entries(environment).flatMap(([variable, value]) => ["--env", `${variable}=${value}`]),
      ...more,
      planImages(this.config.images)[image].reference,
      ...command,
    );
  }

  /** The label of all containers of the arena. */
  private get label(): string {
    return `spark-cluster.scaling=${this.name}`;
  }

  private get master(): string {
    return `${this.name}-spark-master`;
  }

  private async begin(): Promise<void> {
    const plan = planImages(this.config.images);
    for (const image of ["spark-base", "spark-master", "spark-worker"] as const) {
      if (!hasImage(this.engine, plan[image].reference)) {
        throw new Error(`${plan[image].reference} is not there: make build-docker`);
      }
    }
    const ui = `http://localhost:${this.port}`;
    const daemons = daemonProperties(this.config, { sparkUi: ui }, this.rpcSecret);
    await this.volumeWith("daemons", daemons);
    await this.volumeWith("drivers", driverProperties(this.config, ui, { rpcSecret: this.rpcSecret }));
    this.scratch.later("the network", async () => {
      await this.client("network", "rm", this.name);
    });
    await this.client("network", "create", this.name);
    this.scratch.later("the containers", () => this.removeContainers());
    await this.startMaster();
  }

  /** With the same options as SparkMaster and engineContainer. */
  private async startMaster(): Promise<void> {
    const { sizes, pidsLimit, logSize, logFiles } = this.config;
    await this.run("spark-master", "spark-master", {
      limits: { memory: roles.master.memory(sizes), tmp: sizes.tmpMemory },
      mounts: [`${this.name}-daemons:/etc/spark-cluster:ro`, "/var/lib/spark"],
      environment: daemonEnvironment(sizes.masterMemory),
      more: [
        ...["--cpus", String(sizes.daemonCores), "--pids-limit", String(pidsLimit), "--publish", `127.0.0.1:${this.port}:8080`],
        ...["--log-opt", `max-size=${logSize}m`, "--log-opt", `max-file=${logFiles}`, "--health-cmd", roles.master.healthcheck],
        ...["--health-interval", "30s", "--health-timeout", "10s", "--health-retries", "3", "--health-start-period", "30s"],
      ],
    });
  }

  private async removeContainers(): Promise<void> {
    const all = (await this.client("ps", "--all", "--quiet", "--filter", `label=${this.label}`)).split("\n").filter(Boolean);
    if (all.length > 0) {
      await this.client("rm", "--force", "--volumes", ...all);
    }
  }

  private async volumeWith(part: string, properties: string): Promise<void> {
    const volume = `${this.name}-${part}`;
    this.scratch.later(volume, async () => {
      await this.client("volume", "rm", "--force", volume);
    });
    const image = planImages(this.config.images)["spark-base"].reference;
    await writeVolume(this.engine, { volume, image, labels: [], files: JSON.stringify({ [propertiesFile]: properties }) });
  }

  private client(...args: readonly string[]): Promise<string> {
    return client(this.engine, args);
  }

  private piped(script: string, ...args: readonly string[]): Promise<string> {
    const [program, ...rest] = clientCommand(this.engine, ...args);
    return ok("bash", ["-c", script, "bash", program, ...rest]);
  }
}

interface State {
  readonly Running: boolean;
  readonly OOMKilled: boolean;
  readonly ExitCode: number;
  readonly Health?: { readonly Status: string };
}
