import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig } from "../config/clusterConfig";
import { isEverywhere } from "../config/exposure";
import { Engine } from "../engine/engine";
import { ClusterNetwork } from "./clusterNetwork";
import { dialects } from "./dialect";
import { EngineTarget } from "./engineTarget";
import { GeneratedSecret } from "./generatedSecret";
import { HistoryServer } from "./historyServer";
import { ImageHierarchy } from "./imageHierarchy";
import { JupyterLab } from "./jupyterLab";
import { labSettings, labSettingsFile } from "./labSettings";
import { driverLogging, loggingFile } from "./logging";
import {
  catalogFiles,
  connectProperties,
  daemonProperties,
  driverProperties,
  historyProperties,
  masterUrl,
  propertiesFile,
  workspacePath,
} from "./properties";
import { sessionEnvironment } from "./sessionSize";
import { SharedCatalog } from "./sharedCatalog";
import { SharedVolume } from "./sharedVolume";
import { SparkConnect } from "./sparkConnect";
import { SparkMaster } from "./sparkMaster";
import { SparkWorkers } from "./sparkWorkers";
import { StackHome } from "./stackHome";
import { SwarmTarget } from "./swarm/swarmTarget";
import { Files } from "./target";
import { tlsFiles } from "./tls";

export interface SparkClusterArgs {
  readonly config: ClusterConfig;
  /** The engine that it lives on, for life. */
  readonly engine: Engine;
}

/** A Spark standalone cluster with JupyterLab: one master, N workers, a history server, one network, one shared volume. */
export class SparkCluster extends pulumi.ComponentResource {
  /** What a driver calls the master. */
  public readonly masterUrl = masterUrl;
  /** Where Spark's UI is opened. */
  public readonly uiUrl: string;
  /** Where the history server is opened; undefined where there is none. */
  public readonly historyServerUrl: string | undefined;
  /** What a Spark Connect client is given, its token included; undefined where there is no such server. A secret. */
  public readonly sparkConnectUrl: pulumi.Output<string> | undefined;
  /** Where JupyterLab is opened, its token included. A secret. */
  public readonly jupyterlabUrl: pulumi.Output<string>;
  /** Host names of the workers. */
  public readonly workers: readonly string[];

  constructor(name: string, args: SparkClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("spark-cluster:index:SparkCluster", name, {}, opts);
    const { config, engine } = args;
    const dialect = dialects[engine.kind];
    const target = config.swarm === undefined ? new EngineTarget(engine, dialect) : new SwarmTarget(engine, config.swarm);
    const child = { parent: this };
    const home = new StackHome(`${name}-home`, { host: target.place }, child);
    const owner = { stack: config.stack, home: home.id };
    const secret = (part: string, generation: string) => new GeneratedSecret(`${name}-${part}`, { generation }, child).value;
    const token = secret("token", config.tokenGeneration);
    const rpcSecret = secret("rpc-secret", config.secretGeneration);
    const connectToken = config.sizes.sparkConnect ? secret("connect-token", config.tokenGeneration) : undefined;
    const catalogPassword = config.sizes.catalog === "shared" ? secret("catalog-password", config.secretGeneration) : undefined;

    const images = new ImageHierarchy(`${name}-image`, { ...config, engine, dialect }, child);
    const network = new ClusterNetwork(name, { owner, kind: target.network }, child);
    const keptVolume = (part: string, volume: string, mountPath: string) =>
      new SharedVolume(`${name}-${part}`, { owner, target, part: volume, mountPath }, child).mount;
    const workspace = keptVolume("workspace", "workspace", workspacePath);
    const ideHome = keptVolume("ide-home", "jupyterlab-home", "/home/spark");

    this.uiUrl = urlOf(config.bindAddress, config.ports.sparkUi);
    this.historyServerUrl = config.sizes.historyServer ? urlOf(config.bindAddress, config.ports.historyServer) : undefined;
    const addresses = { ui: this.uiUrl, historyServer: this.historyServerUrl };
    const filesOf = (part: string, files: Files) => target.files(`${name}-${part}-config`, { owner, part, images, files }, this);
    const daemonFiles = filesOf("daemon", {
      [propertiesFile]: rpcSecret.apply((secret) => daemonProperties(config, addresses, secret)),
    });
    const driverSecrets = pulumi.output({ rpcSecret, catalogPassword });
    const driverFiles = filesOf("driver", {
      [propertiesFile]: driverSecrets.apply((secrets) => driverProperties(config, this.uiUrl, secrets)),
      [loggingFile]: driverLogging(),
      ...sessionEnvironment(config),
      "jupyter-token": token,
      [labSettingsFile]: labSettings(addresses),
      ...tlsFiles(config),
    });

    const common = { owner, target, images, config, network, workspace };
    const master = new SparkMaster(`${name}-master`, { ...common, configFiles: daemonFiles }, child);
    const workers = new SparkWorkers(`${name}-worker`, { ...common, configFiles: daemonFiles }, child);
    const ide = new JupyterLab(`${name}-jupyterlab`, { ...common, home: ideHome, configFiles: driverFiles }, child);

    const historyServers = config.sizes.historyServer
      ? [
          new HistoryServer(
            `${name}-history-server`,
            { ...common, configFiles: filesOf("history", { [propertiesFile]: historyProperties(config) }) },
            child,
          ),
        ]
      : [];

    const connectServers =
      connectToken === undefined
        ? []
        : [
            new SparkConnect(
              `${name}-connect`,
              {
                ...common,
                configFiles: filesOf("connect", {
                  [loggingFile]: driverLogging(),
                  [propertiesFile]: pulumi
                    .all([driverSecrets, connectToken])
                    .apply(([secrets, token]) => connectProperties(config, this.uiUrl, secrets, token)),
                }),
              },
              child,
            ),
          ];
    const catalogs =
      catalogPassword === undefined || images.catalog === undefined
        ? []
        : [
            new SharedCatalog(
              `${name}-catalog`,
              {
                ...common,
                image: images.catalog,
                configFiles: filesOf("catalog", catalogFiles(config, catalogPassword)),
              },
              child,
            ),
          ];

    const others = [ide, ...historyServers, ...connectServers, ...catalogs].map((each) => each.running);
    const running = [master.running, ...workers.running, ...others];
    const ready = target.ready(name, { owner, config, images, network, running, workers: workers.names }, this);

    this.workers = workers.names;
    // An address is worth printing once something answers there.
    const url = urlOf(config.bindAddress, config.ports.jupyterlab, config.tls === "none" ? "http" : "https");
    this.jupyterlabUrl = pulumi.all([token, ready]).apply(([value]) => `${url}/lab?token=${value}`);
    this.sparkConnectUrl =
      connectToken === undefined
        ? undefined
        : pulumi.all([connectToken, ready]).apply(([value]) => `sc://localhost:${config.ports.sparkConnect}/;token=${value}`);
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

/** The address of a published port as a browser on the engine's machine opens it. */
function urlOf(bindAddress: string, port: number, scheme: "http" | "https" = "http"): string {
  const host = isEverywhere(bindAddress) || bindAddress === "127.0.0.1" ? "localhost" : bindAddress;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
