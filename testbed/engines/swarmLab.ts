import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { clientCommand } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { Registry } from "../servers/registry";
import { ok, run, RunOptions } from "../run";
import { createNetwork, SecondDocker, startDocker, stopDockers } from "./secondDocker";
import { until } from "../until";
import { labelled } from "../../engine/labels";

const folders: string[] = [];

/** A real swarm on this machine: engines in containers, a registry that they pull from, and a folder that all of them see. */
export class SwarmLab {
  private constructor(
    readonly registry: Registry,
    readonly nodes: readonly SecondDocker[],
    /** A folder that all nodes see at the same path, like a network file system. */
    readonly folder: string,
    /** The address of this machine for the nodes and for their containers. */
    readonly address: string,
  ) {}

  /** Starts a swarm of three nodes: a manager, `node-1`, and two workers. */
  static async start(): Promise<SwarmLab> {
    const network = await createNetwork();
    const address = (
      await ok("docker", ["network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", network])
    ).trim();
    const registry = await Registry.start({ open: true, host: address });
    const folder = mkdtempSync(join(tmpdir(), "spark-cluster-swarm-"));
    folders.push(folder);
    chmodSync(folder, 0o755);
    const nodes: SecondDocker[] = [];
    for (let number = 1; number <= 3; number++) {
      const options = [`--insecure-registry=${registry.address}`];
      // Users connect only to the manager; the swarm itself manages the other nodes.
      const ssh = number === 1;
      nodes.push(await startDocker({ network, hostname: `node-${number}`, folders: [folder], ssh, options }));
    }
    const lab = new SwarmLab(registry, nodes, folder, address);
    await lab.join();
    return lab;
  }

  /** The engine for a stack's configuration. */
  get manager(): Engine {
    return this.nodes[0]!.engine;
  }

  /** Runs a client command on the manager. */
  ask(...args: string[]): Promise<string> {
    return this.askNode(this.nodes[0]!, ...args);
  }

  askNode(node: SecondDocker, ...args: string[]): Promise<string> {
    const [program, ...rest] = clientCommand(node.engine, ...args);
    return ok(program, rest);
  }

  /** The output of a service's containers, including stopped ones. */
  async logsOf(service: string): Promise<string> {
    const [program, ...args] = clientCommand(this.manager, "service", "logs", "--raw", service);
    return (await run(program, args)).output;
  }

  /** Runs Python in JupyterLab, as a notebook's kernel would. */
  async python(stack: string, source: string, options: RunOptions = {}): Promise<string> {
    const labels = [labelled("stack", stack), labelled("role", "jupyterlab")];
    const container = (await this.ask("ps", "--quiet", ...labels.flatMap((label) => ["--filter", label]))).trim();
    const { timeout = 600 } = options;
    const inside = ["timeout", String(timeout), "python3", "-"];
    const [program, ...args] = clientCommand(this.manager, "exec", "--interactive", container, ...inside);
    return ok(program, args, { ...options, input: source, timeout: timeout + 20 });
  }

  /** The nodes of a service's running containers: a host name for each container. */
  async nodesOf(service: string): Promise<string[]> {
    const format = ["--filter", "desired-state=running", "--format", "{{.Node}} {{.CurrentState}}"];
    return (await this.ask("service", "ps", ...format, service))
      .split("\n")
      .filter((line) => line.includes(" Running "))
      .map((line) => line.split(" ")[0]!)
      .sort();
  }

  async untilOn(service: string, seconds: number, where: (nodes: readonly string[]) => boolean): Promise<void> {
    await until(`${service} is where it should be`, seconds, () => this.nodesOf(service).then(where, () => false));
  }

  /** Kills a node, like a power cut. */
  async kill(number: number): Promise<void> {
    await ok("docker", ["kill", this.nodes[number - 1]!.container]);
  }

  /** Brings a killed node back. */
  async revive(number: number): Promise<void> {
    await ok("docker", ["start", this.nodes[number - 1]!.container]);
    await until(`node-${number} is back`, 180, async () =>
      (await this.ask("node", "ls", "--filter", `name=node-${number}`, "--format", "{{.Status}}")).includes("Ready"),
    );
  }

  /** Stops everything that was started, even partially. */
  static async stopAll(): Promise<void> {
    await stopDockers();
    await Registry.stopAll();
    folders.splice(0).forEach((folder) => {
      rmSync(folder, { recursive: true, force: true });
    });
  }

  private async join(): Promise<void> {
    const [, ...others] = this.nodes;
    const printed = await this.ask("swarm", "init");
    const [, command = ""] = /^ +docker (swarm join .*)$/m.exec(printed) ?? [];
    for (const node of others) {
      await this.askNode(node, ...command.split(" ")).catch(() => undefined); // it stops waiting after 20 s; the join continues
    }
    await until("all nodes are ready", 180, async () => {
      const states = await this.ask("node", "ls", "--format", "{{.Status}}");
      return states.split("\n").filter((state) => state === "Ready").length === this.nodes.length;
    });
  }
}
