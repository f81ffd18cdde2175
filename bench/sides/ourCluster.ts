import { ok } from "../../testbed/run";
import { docker } from "../../testbed/engines/here";
import { TestStack, TestStackOptions } from "../../testbed/testStack";
import { Scratch } from "../harness/scratch";
import { memoryOf } from "./containerMemory";
import { machineSources } from "./packageSources";
import { Side } from "./side";
import { labelled } from "../../engine/labels";

/** This project's cluster with Pulumi.dev.yaml's sizes: a scratch stack, run by the commands that a user types. */
export class OurCluster implements Side {
  readonly labPython = "/opt/jupyterlab/bin/python";

  private constructor(
    public readonly stack: TestStack,
    public readonly masterUi: string,
    public readonly jupyterlab: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** A stack without containers, whose images are built unless their build is measured. */
  static async make(
    scratch: Scratch,
    options: Pick<TestStackOptions, "engine" | "config"> & { readonly images?: boolean } = {},
  ): Promise<OurCluster> {
    // Registered first, because a stack whose creation fails leaves something too.
    scratch.later("the stacks under test", () => TestStack.destroyAll());
    const { engine = docker, config = {}, images = true } = options;
    const stack = await TestStack.make({ ...(options.engine !== undefined && { engine }), config });
    const sources = await machineSources();
    for (const key of ["pipIndexUrl", "httpProxy", "noProxy"] as const) {
      if (sources[key] !== "") {
        await stack.pulumi("config", "set", "--secret", key, sources[key]);
      }
    }
    if (images) {
      await stack.must(`build-${engine.kind}`, { timeout: 1800 });
    }
    const port = async (which: string) => (await stack.pulumi("config", "get", "--path", `ports.${which}`)).trim();
    const [ui, lab] = [await port("sparkUi"), await port("jupyterlab")];
    return new OurCluster(stack, `http://127.0.0.1:${ui}`, `http://127.0.0.1:${lab}`, await shellOf(stack));
  }

  get engine() {
    return this.stack.engine;
  }

  get container(): string {
    return this.nameOf("jupyterlab");
  }

  nameOf(part: string): string {
    return `spark-cluster-${this.stack.name}-${part}`;
  }

  /** Runs `pulumi` in a shell that is set up as the README says; the setup is not measured. */
  async pulumi(...args: string[]): Promise<string> {
    return ok("pulumi", args, { cwd: this.stack.folder, env: this.env, timeout: 600 });
  }

  /** The environment of that shell. */
  get shell(): NodeJS.ProcessEnv {
    return this.env;
  }

  async up(...options: string[]): Promise<void> {
    await this.pulumi("up", "--yes", "--skip-preview", "--refresh=false", ...options);
  }

  async down(): Promise<void> {
    await this.pulumi("destroy", "--yes", "--skip-preview", "--refresh=false");
  }

  setWorkers(count: number): Promise<void> {
    return this.stack.set("workers", String(count));
  }

  async workerMemory(): Promise<number> {
    const label = labelled("stack", this.stack.name);
    const ids = await this.stack.ask("ps", "--quiet", "--filter", label, "--filter", labelled("role", "worker"));
    return memoryOf(this.engine, ids.split("\n").filter(Boolean));
  }
}

async function shellOf(stack: TestStack): Promise<NodeJS.ProcessEnv> {
  const script = 'environment=$(make -s env) && eval "$environment" && env -0';
  const words = (await ok("bash", ["-c", script], { cwd: stack.folder, env: stack.env })).split("\0").filter(Boolean);
  return Object.fromEntries(words.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]));
}
