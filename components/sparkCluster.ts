import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig } from "../config/clusterConfig";
import { Engine } from "../engine/engine";
import { ClusterNetwork } from "./clusterNetwork";
import { ConfigFiles } from "./configFiles";
import { dialects } from "./dialect";
import { GeneratedSecret } from "./generatedSecret";
import { ImageHierarchy } from "./imageHierarchy";
import { JupyterLab } from "./jupyterLab";
import { nameOnEngine } from "./names";
import { daemonProperties, driverProperties, masterUrl, propertiesFile, workspacePath } from "./properties";
import { Readiness } from "./readiness";
import { SharedVolume } from "./sharedVolume";
import { SparkMaster } from "./sparkMaster";
import { SparkWorkers } from "./sparkWorkers";
import { StackHome } from "./stackHome";

export interface SparkClusterArgs {
  readonly config: ClusterConfig;
  /** The engine that it lives on, for life. */
  readonly engine: Engine;
}

/** A Spark standalone cluster with JupyterLab: one master, N workers, one network, one shared volume. */
export class SparkCluster extends pulumi.ComponentResource {
  /** What a driver calls the master. */
  public readonly masterUrl = masterUrl;
  /** Where Spark's UI is opened. */
  public readonly uiUrl: string;
  /** Where JupyterLab is opened, its token included. A secret. */
  public readonly jupyterlabUrl: pulumi.Output<string>;
  /** Host names of the workers. */
  public readonly workers: readonly string[];

  constructor(name: string, args: SparkClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:index:SparkCluster", name, {}, opts);
    const { config, engine } = args;
    const dialect = dialects[engine.kind];
    const child = { parent: this };
    const home = new StackHome(`${name}-home`, { host: engine.host }, child);
    const owner = { stack: config.stack, home: home.id };
    const token = new GeneratedSecret(`${name}-token`, { generation: config.tokenGeneration }, child);
    const rpcSecret = new GeneratedSecret(`${name}-rpc-secret`, { generation: config.secretGeneration }, child);

    const images = new ImageHierarchy(`${name}-image`, { ...config, engine, dialect }, child);
    const network = new ClusterNetwork(name, { owner, dialect }, child);
    const workspace = new SharedVolume(`${name}-workspace`, { owner, part: "workspace", mountPath: workspacePath }, child).mount;
    const ideHome = new SharedVolume(`${name}-ide-home`, { owner, part: "jupyterlab-home", mountPath: "/home/spark" }, child)
      .mount;

    this.uiUrl = urlOf(config.bindAddress, config.ports.sparkUi);
    const daemonFiles = new ConfigFiles(
      `${name}-daemon-config`,
      {
        owner,
        engine,
        part: "daemon",
        images,
        files: { [propertiesFile]: rpcSecret.value.apply((secret) => daemonProperties(this.uiUrl, secret)) },
      },
      child,
    );
    const driverFiles = new ConfigFiles(
      `${name}-driver-config`,
      {
        owner,
        engine,
        part: "driver",
        images,
        files: {
          [propertiesFile]: rpcSecret.value.apply((secret) => driverProperties(config, this.uiUrl, secret)),
          "jupyter-token": token.value,
        },
      },
      child,
    );

    const common = { owner, dialect, images, config, network, workspace };
    const master = new SparkMaster(`${name}-master`, { ...common, configFiles: daemonFiles }, child);
    const workers = new SparkWorkers(`${name}-worker`, { ...common, configFiles: daemonFiles }, child);
    const ide = new JupyterLab(`${name}-jupyterlab`, { ...common, home: ideHome, configFiles: driverFiles }, child);

    const containers = [master.container, ...workers.containers, ide.container];
    const ready = new Readiness(
      `${name}-ready`,
      {
        engine,
        containers: pulumi.all(containers.map(({ name, id }) => pulumi.all([name, id]).apply(([name, id]) => ({ name, id })))),
        master: nameOnEngine(config.stack, "master"),
        ide: nameOnEngine(config.stack, "jupyterlab"),
        workers: [...workers.names],
        timeout: config.readyTimeout,
      },
      child,
    );

    this.workers = workers.names;
    // An address is worth printing once something answers there.
    const url = urlOf(config.bindAddress, config.ports.jupyterlab);
    this.jupyterlabUrl = pulumi.all([token.value, ready.id]).apply(([value]) => `${url}/lab?token=${value}`);
    this.registerOutputs({
      masterUrl: this.masterUrl,
      uiUrl: this.uiUrl,
      jupyterlabUrl: this.jupyterlabUrl,
      workers: this.workers,
    });
  }
}

/** The address of a published port as a browser on the engine's machine opens it. */
function urlOf(bindAddress: string, port: number): string {
  const host = ["0.0.0.0", "::", "127.0.0.1"].includes(bindAddress) ? "localhost" : bindAddress;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
