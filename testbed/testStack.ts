import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { schema } from "../config/schema";
import { begin, clientCommand, insideArguments } from "../engine/cli";
import { Engine, findEngine } from "../engine/engine";
import { ImageName } from "../images/plan";
import { git, makeCheckout } from "./checkout";
import { ok, Result, run, RunOptions, succeeded } from "./run";
import { docker } from "./engines/here";
import { freePorts } from "./freePorts";
import { Inspected } from "./inspected";
import { labelled } from "../engine/labels";

/** Options that distinguish a stack from others; everything else is configuration. */
export interface TestStackOptions {
  /** This machine's Docker by default. */
  readonly engine?: Engine;
  /** Another stack, with which it shares checkout and state. */
  readonly beside?: TestStack;
  readonly config?: Readonly<Record<string, string>>;
  /** Its name, random by default. */
  readonly name?: string;
}

export interface Outputs {
  readonly sparkUi: string;
  readonly historyServer: string;
  readonly sparkConnect?: string;
  readonly metrics?: readonly string[];
  readonly objectStore?: string;
  readonly jupyterlab: string;
  readonly workers: readonly string[];
}

const made: TestStack[] = [];

/** A stack with its own state in a temporary folder, driven by the commands that a user types. */
export class TestStack {
  private environment?: Promise<NodeJS.ProcessEnv>;
  private knownOutputs?: Promise<Outputs>;

  private constructor(
    public readonly name: string,
    public folder: string,
    public readonly stateFolder: string,
    public readonly engine: Engine,
    private readonly ownsFolders: boolean,
  ) {}

  static async make(options: TestStackOptions = {}): Promise<TestStack> {
    const name = options.name ?? `test-${Math.random().toString(36).slice(2, 8)}`;
    const folder = options.beside?.folder ?? (await makeCheckout());
    const state = options.beside?.stateFolder ?? mkdtempSync(join(tmpdir(), "spark-cluster-state-"));
    const stack = new TestStack(name, folder, state, options.engine ?? docker, options.beside === undefined);
    made.push(stack);
    await ok("tools/spark-cluster", ["setup"], { cwd: folder, env: stack.env, timeout: 1500 });
    await stack.pulumi("stack", "init", name);
    const published = Object.keys(schema.ports.fields);
    const ports = await freePorts(published.length);
    await stack.setAll({
      ...Object.fromEntries(published.map((name, index) => [`ports.${name}`, String(ports[index])])),
      engine: stack.engine.kind,
      readyTimeout: "900",
      ...(stack.engine.host !== findEngine(stack.engine.kind, undefined).host && { "docker:host": stack.engine.host }),
      ...options.config,
    });
    return stack;
  }

  get env(): NodeJS.ProcessEnv {
    const {
      PULUMI_BACKEND_URL: _url,
      PULUMI_CONFIG_PASSPHRASE: _pass,
      PULUMI_CONFIG_PASSPHRASE_FILE: _file,
      // Set for a make below another make.
      MAKELEVEL: _level,
      MAKEFLAGS: _flags,
      MFLAGS: _otherFlags,
      ...rest
    } = process.env;
    return { ...rest, SPARK_CLUSTER_HOME: this.stateFolder, STACK: this.name, NO_COLOR: "1" };
  }

  /** The absolute path of the stack's file. */
  get file(): string {
    return join(this.folder, `Pulumi.${this.name}.yaml`);
  }

  /** The name on the engine of a part of the stack: `master`, `worker-1`, `network`, `workspace` ... */
  nameOf(part: string): string {
    return `spark-cluster-${this.name}-${part}`;
  }

  /** Runs `make TARGET`, which may fail. */
  make(target: string, options: RunOptions = {}): Promise<Result> {
    this.knownOutputs = undefined;
    return run("make", [target, `STACK=${this.name}`], {
      timeout: 1500,
      ...options,
      cwd: this.folder,
      env: { ...this.env, ...options.env },
    });
  }

  /** Runs a command of tools/spark-cluster on the stack, which may fail. Its exit code is the command's own, unlike that of make. */
  tool(command: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
    const words = [command, "--stack", this.name, ...args];
    return run("tools/spark-cluster", words, { ...options, cwd: this.folder, env: this.env });
  }

  /** Runs `make up`, which has to succeed. */
  async up(): Promise<string> {
    return this.must("up");
  }

  /** Runs a bare `pulumi up`, which has to succeed: faster than `make up`, because no job runs after it. */
  bareUp(): Promise<string> {
    return this.pulumi("up", "--yes", "--skip-preview");
  }

  /** Runs a bare `pulumi up` without a refresh: enough if only the configuration or a file has changed. */
  quickUp(): Promise<string> {
    return this.pulumi("up", "--yes", "--skip-preview", "--refresh=false");
  }

  /** Runs `make TARGET`, which has to succeed. */
  async must(target: string, options: RunOptions = {}): Promise<string> {
    return succeeded(`make ${target}`, await this.make(target, options)).output;
  }

  /** Runs a bare `pulumi`, in a shell that is set up as the README says; it has to succeed. */
  pulumi(...args: string[]): Promise<string> {
    return this.mustPulumi({}, ...args);
  }

  /** As {@link pulumi}, with options for its process. */
  async mustPulumi(options: RunOptions, ...args: string[]): Promise<string> {
    return succeeded(`pulumi ${args.join(" ")}`, await this.pulumiWith(options, ...args)).stdout;
  }

  /** Runs a bare `pulumi`, which may fail. */
  tryPulumi(...args: string[]): Promise<Result> {
    return this.pulumiWith({}, ...args);
  }

  /** As {@link tryPulumi}, with options for its process. */
  async pulumiWith(options: RunOptions, ...args: string[]): Promise<Result> {
    if (args[0] === "up") {
      this.knownOutputs = undefined;
    }
    const env = { ...(await this.shell()), ...options.env };
    return run("bash", ["-c", 'exec pulumi "$@"', "bash", ...args], { timeout: 1200, cwd: this.folder, ...options, env });
  }

  /** The environment of a shell after `eval "$(make -s env)"`. It stays the same until the checkout is moved. */
  shell(): Promise<NodeJS.ProcessEnv> {
    return (this.environment ??= this.askEnvironment());
  }

  private async askEnvironment(): Promise<NodeJS.ProcessEnv> {
    const words = await ok("bash", ["-c", 'eval "$(make -s env)" && env --null'], { cwd: this.folder, env: this.env });
    return Object.fromEntries(
      words
        .split("\0")
        .filter(Boolean)
        .map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]),
    );
  }

  async set(key: string, value: string): Promise<void> {
    await this.pulumi("config", "set", key, value);
  }

  /** As {@link set}, several at once; a key may be a path. */
  async setAll(values: Readonly<Record<string, string>>, secrets: Readonly<Record<string, string>> = {}): Promise<void> {
    const pairs = (option: string, of: typeof values) =>
      Object.entries(of).flatMap(([key, value]) => [option, `${key}=${value}`]);
    await this.pulumi("config", "set-all", "--path", ...pairs("--plaintext", values), ...pairs("--secret", secrets));
  }

  /** Gets a base image for the engine, as `make up` does first; it may fail. */
  getBaseImage(image: string, env: NodeJS.ProcessEnv = {}): Promise<Result> {
    return run("tools/machine/base-image.sh", [image, ...clientCommand(this.engine)], {
      cwd: this.folder,
      env: { ...this.env, ...env },
      timeout: 900,
    });
  }

  /** Builds some of the stack's images and nothing else. The engine has to have their base image. */
  async buildImages(...names: readonly ImageName[]): Promise<void> {
    const targets = [
      "**:SparkCluster::spark",
      "**ImageHierarchy::spark-image",
      ...names.map((name) => `**::spark-image-${name}*`),
    ];
    const up = ["up", "--yes", "--skip-preview", "--suppress-outputs", ...targets.map((target) => `--target=${target}`)];
    await this.mustPulumi({ env: { SPARK_CLUSTER_IMAGES_ONLY: "true" }, timeout: 1500 }, ...up);
  }

  /** The changes that a preview with refresh shows; empty if there are none. */
  async pendingChanges(): Promise<string> {
    const result = await this.tryPulumi("preview", "--refresh", "--expect-no-changes", "--diff");
    return result.code === 0 ? "" : result.output;
  }

  /** Runs a command of the engine's client, which has to succeed. */
  ask(...args: string[]): Promise<string> {
    const [program, ...rest] = clientCommand(this.engine, ...args);
    return ok(program, rest);
  }

  /** As {@link ask}, but it may fail. */
  tryAsk(args: readonly string[], options?: RunOptions): Promise<Result> {
    const [program, ...rest] = clientCommand(this.engine, ...args);
    return run(program, rest, options);
  }

  /** Runs a command in a container, which takes no input and has to succeed. */
  askInside(container: string, ...command: string[]): Promise<string> {
    const [program, ...rest] = clientCommand(this.engine, ...insideArguments(container, ...command));
    return ok(program, rest, { input: begin });
  }

  /** The number of the cluster's containers on the engine, running or not, without the helpers that fill a volume. */
  async containerCount(): Promise<number> {
    const labels = [labelled("stack", this.name), "label=spark-cluster.role"];
    const ids = await this.ask("ps", "--all", "--quiet", ...labels.flatMap((label) => ["--filter", label]));
    return ids.split("\n").filter(Boolean).length;
  }

  /** Ids of what the engine has of a stack; `list` is the client's command, as "ps --all" or "volume ls". */
  async listed(list: string, name = this.name): Promise<string[]> {
    return (await this.ask(...list.split(" "), "--quiet", "--filter", labelled("stack", name))).split("\n").filter(Boolean);
  }

  /** Removes what the engine has of a stack. */
  async removeAll(name = this.name): Promise<void> {
    for (const [list, rm] of Object.entries({ "ps --all": "rm --force", "network ls": "network rm", "volume ls": "volume rm" })) {
      const found = await this.listed(list, name);
      if (found.length > 0) {
        await this.ask(...rm.split(" "), ...found);
      }
    }
  }

  /** The stack's containers by the end of their names: `master`, `worker-1`, `jupyterlab` ... */
  async containers(): Promise<Record<string, Inspected>> {
    const ids = await this.listed("ps --all");
    const inspected = ids.length === 0 ? [] : (JSON.parse(await this.ask("inspect", ...ids)) as Inspected[]);
    return Object.fromEntries(
      inspected.map((container) => [container.Name.replace(/^\//, "").replace(`spark-cluster-${this.name}-`, ""), container]),
    );
  }

  /** Ids of the stack's containers, by name. */
  async ids(): Promise<Record<string, string>> {
    return Object.fromEntries(Object.entries(await this.containers()).map(([name, container]) => [name, container.Id]));
  }

  /** Runs Python in the IDE's container, as a notebook's kernel would, and returns its output. */
  async python(source: string, timeout = 600): Promise<string> {
    const inside = ["timeout", String(timeout), "python3", "-"];
    const [program, ...args] = clientCommand(this.engine, "exec", "--interactive", this.nameOf("jupyterlab"), ...inside);
    return ok(program, args, { input: source, timeout: timeout + 20 });
  }

  /** The stack's outputs, read once after each up. */
  outputs(): Promise<Outputs> {
    this.knownOutputs ??= this.pulumi("stack", "output", "--json", "--show-secrets").then((text) => JSON.parse(text) as Outputs);
    return this.knownOutputs;
  }

  git(...args: string[]): Promise<string> {
    return git(this.folder, ...args);
  }

  async moveCheckout(): Promise<void> {
    const moved = `${this.folder}-moved`;
    await ok("mv", [this.folder, moved]);
    this.folder = moved;
    this.environment = undefined;
  }

  /** Removes all stacks of a test file with their data, whatever state the tests left them in. */
  static async destroyAll(): Promise<void> {
    for (const stack of made.splice(0).reverse()) {
      await stack.destroy();
    }
  }

  private async destroy(): Promise<void> {
    await this.removeAll();
    this.forget();
  }

  /** Removes the stack's files, and nothing from the engine: for a stack that has created nothing there. */
  abandon(): void {
    made.splice(made.indexOf(this), 1);
    this.forget();
  }

  private forget(): void {
    rmSync(this.file, { force: true });
    if (this.ownsFolders) {
      rmSync(this.folder, { recursive: true, force: true }); // its packages are a link, so they stay
      rmSync(this.stateFolder, { recursive: true, force: true });
    }
  }
}
