import { join } from "node:path";

import { Engine } from "../../engine/engine";
import { ok } from "../../testbed/run";
import { docker } from "../../testbed/engines/here";
import { freePorts } from "../../testbed/freePorts";
import { Scratch } from "../harness/scratch";
import { client } from "./client";
import { composeCommand } from "./composeCommand";
import { memoryOf } from "./containerMemory";
import { defaultSparkVersion } from "./defaults";
import { PlainImages } from "./plainImages";
import { Side } from "./side";

const folder = join(__dirname, "../alternatives");

/** The alternative that a user would write: a compose file with ordinary images and the same sizes. */
export class ComposedCluster implements Side {
  readonly labPython = "python3";
  private workers = 2;

  private constructor(
    public readonly engine: Engine,
    private readonly name: string,
    private readonly command: readonly string[],
    private readonly ports: { readonly ui: number; readonly lab: number },
    private readonly workerHeap: string,
  ) {}

  /** A cluster without containers, whose images are built. */
  static async make(scratch: Scratch, options: { readonly workerMemory?: string } = {}): Promise<ComposedCluster> {
    const engine = docker;
    const images = await PlainImages.copy(defaultSparkVersion(), scratch);
    await images.buildMachine(engine);
    await images.build(engine);
    const [ui = 0, lab = 0] = await freePorts(2);
    const name = `bench-${Math.random().toString(36).slice(2, 8)}`;
    const cluster = new ComposedCluster(engine, name, await composeCommand(), { ui, lab }, options.workerMemory ?? "1g");
    scratch.later("the composed cluster", () => cluster.compose("down", "--volumes", "--timeout", "10"));
    return cluster;
  }

  get masterUi(): string {
    return `http://127.0.0.1:${this.ports.ui}`;
  }

  get jupyterlab(): string {
    return `http://127.0.0.1:${this.ports.lab}`;
  }

  get container(): string {
    return `${this.name}-jupyterlab-1`;
  }

  up(): Promise<void> {
    return this.compose("up", "--detach", "--no-build", "--pull", "never");
  }

  down(): Promise<void> {
    return this.compose("down", "--timeout", "10");
  }

  setWorkers(count: number): Promise<void> {
    this.workers = count;
    return Promise.resolve();
  }

  async workerMemory(): Promise<number> {
    const labels = [`com.docker.compose.project=${this.name}`, "com.docker.compose.service=spark-worker"];
    const filters = labels.flatMap((label) => ["--filter", `label=${label}`]);
    const workers = await client(this.engine, ["ps", "--quiet", ...filters]);
    return memoryOf(this.engine, workers.split("\n").filter(Boolean));
  }

  private async compose(...args: string[]): Promise<void> {
    const [program = "", ...words] = this.command;
    const file = join(folder, "compose/compose.yaml");
    await ok(program, [...words, "--project-name", this.name, "--file", file, ...args], {
      timeout: 300,
      env: {
        ...process.env,
        DOCKER_HOST: this.engine.host,
        MASTER_UI_PORT: String(this.ports.ui),
        JUPYTERLAB_PORT: String(this.ports.lab),
        WORKERS: String(this.workers),
        WORKER_MEMORY: this.workerHeap,
      },
    });
  }
}
