import * as pulumi from "@pulumi/pulumi";

import { isEverywhere, loopback } from "../engine/addresses";
import { ClusterConfig } from "../config/clusterConfig";
import { Engine } from "../engine/engine";
import { rolesOf } from "../roles";
import { masterUrl, workspacePath } from "../spark/properties";
import { ClusterNetwork } from "./clusterNetwork";
import { dialects } from "./dialect";
import { EngineTarget } from "./engineTarget";
import { GeneratedSecret } from "./generatedSecret";
import { ImageHierarchy } from "./imageHierarchy";
import { RoleContainers } from "./roleContainers";
import { SharedVolume } from "./sharedVolume";
import { StackHome } from "./stackHome";
import { SwarmTarget } from "./swarm/swarmTarget";
import { RoleFiles } from "./target";

export interface SparkClusterArgs {
  readonly config: ClusterConfig;
  /** The engine that runs the cluster. It cannot change during the life of the stack. */
  readonly engine: Engine;
}

/** A Spark standalone cluster with JupyterLab: one master, N workers, a history server, one network, one shared volume. */
export class SparkCluster extends pulumi.ComponentResource {
  /** URL of the master for drivers, `spark://...`. */
  public readonly masterUrl = masterUrl;
  /** URL of Spark's UI. */
  public readonly uiUrl: string;
  /** URL of the history server; undefined without one. */
  public readonly historyServerUrl: string | undefined;
  /** URL for Spark Connect clients, `sc://...` with the token; undefined without a Spark Connect server. A secret. */
  public readonly sparkConnectUrl: pulumi.Output<string> | undefined;
  /** URL of JupyterLab with its token. A secret. */
  public readonly jupyterlabUrl: pulumi.Output<string>;
  /** Host names of the workers. */
  public readonly workers: readonly string[];

  constructor(name: string, args: SparkClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:index:SparkCluster", name, {}, opts);
    const { config, engine } = args;
    const { sizes, bindAddress, ports } = config;
    const dialect = dialects[engine.kind];
    const target = config.swarm === undefined ? new EngineTarget(engine, dialect) : new SwarmTarget(engine, config.swarm);
    const child = { parent: this };
    const home = new StackHome(`${name}-home`, { host: target.place }, child);
    const owner = { stack: config.stack, home: home.id };
    const secret = (part: string, generation: string) => new GeneratedSecret(`${name}-${part}`, { generation }, child).value;
    const secrets = {
      token: secret("token", config.tokenGeneration),
      rpc: secret("rpc-secret", config.secretGeneration),
      connectToken: sizes.sparkConnect ? secret("connect-token", config.tokenGeneration) : undefined,
      catalogPassword: sizes.catalog === "shared" ? secret("catalog-password", config.secretGeneration) : undefined,
    };

    const images = new ImageHierarchy(`${name}-image`, { ...config, engine, dialect }, child);
    const network = new ClusterNetwork(name, { owner, kind: target.network }, child);
    const workspace = new SharedVolume(`${name}-workspace`, { owner, target, part: "workspace", mountPath: workspacePath }, child)
      .mount;

    this.uiUrl = urlOf(bindAddress, ports.sparkUi);
    this.historyServerUrl = sizes.historyServer ? urlOf(bindAddress, ports.historyServer) : undefined;
    const addresses = { sparkUi: this.uiUrl, historyServer: this.historyServerUrl };
    const files = new Map<string | undefined, RoleFiles>();
    for (const { filesOf: part, files: make } of rolesOf(config)) {
      if (part !== undefined && make !== undefined) {
        const filesArgs = { owner, part, images, files: make({ config, addresses, secrets }) };
        files.set(part, target.files(`${name}-${part}-config`, filesArgs, this));
      }
    }

    const containers = rolesOf(config)
      .filter((role) => role.name !== "gateway") // SwarmTarget creates it
      .map((role) => {
        const roleArgs = { role, cluster: name, owner, target, images, config, network, workspace };
        return { role, made: new RoleContainers({ ...roleArgs, configFiles: files.get(role.filesOf) }, child) };
      });
    this.workers = containers.find(({ role }) => role.name === "worker")?.made.names ?? [];
    const running = containers.flatMap(({ made }) => made.running);
    const ready = target.ready(name, { owner, config, images, network, running, workers: this.workers }, this);

    // These URLs depend on readiness, so they are printed only once they respond.
    const url = urlOf(bindAddress, ports.jupyterlab, config.tls === "none" ? "http" : "https");
    this.jupyterlabUrl = pulumi.all([secrets.token, ready]).apply(([value]) => `${url}/lab?token=${value}`);
    this.sparkConnectUrl =
      secrets.connectToken === undefined
        ? undefined
        : pulumi.all([secrets.connectToken, ready]).apply(([value]) => `sc://localhost:${ports.sparkConnect}/;token=${value}`);
    this.registerOutputs({
      masterUrl: this.masterUrl,
      uiUrl: this.uiUrl,
      historyServerUrl: this.historyServerUrl,
      sparkConnectUrl: this.sparkConnectUrl,
      jupyterlabUrl: this.jupyterlabUrl,
      workers: this.workers,
    });
  }
}

/** The URL of a published port for a browser on the engine's machine. */
function urlOf(bindAddress: string, port: number, scheme: "http" | "https" = "http"): string {
  const host = isEverywhere(bindAddress) || bindAddress === loopback ? "localhost" : bindAddress;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
