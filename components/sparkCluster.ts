import * as pulumi from "@pulumi/pulumi";

import { readArguments } from "../config/arguments";
import { CheckedConfig, ClusterConfig } from "../config/clusterConfig";
import { computed } from "../config/known";
import { outlineOf } from "../config/outline";
import { schema } from "../config/schema";
import { isEverywhere, loopback } from "../engine/addresses";
import { roles, rolesOf } from "../roles";
import { metricsPaths } from "../roles/metrics";
import { userFiles } from "../roles/user";
import { Addresses, Page } from "../roles/role";
import { clientVariables } from "../spark/objectStore";
import { masterUrl, workspacePath } from "../spark/properties";
import { ClusterNetwork } from "./clusterNetwork";
import { dialects } from "./dialect";
import { earlierState } from "./earlierState";
import { outputsOf } from "./outputs";
import { EngineTarget } from "./engineTarget";
import { ImageHierarchy } from "./imageHierarchy";
import { keptHome, keptSecret } from "./kept";
import { startOwnProvider } from "./ownResource";
import { agreed, withProvider } from "./provider";
import { RoleContainers } from "./roleContainers";
import { SharedVolume } from "./sharedVolume";
import { SparkClusterArgs } from "./sparkClusterArgs";
import { SwarmTarget } from "./swarm/swarmTarget";
import { RoleFiles } from "./target";

/** A Spark standalone cluster with JupyterLab: one master, N workers, a history server, one network, one shared volume. */
export class SparkCluster extends pulumi.ComponentResource {
  /** URL of the master for drivers, `spark://...`. */
  public readonly sparkMaster: pulumi.Output<string>;
  /** URL of Spark's UI. */
  public readonly sparkUi: pulumi.Output<string>;
  /** URL of the history server; undefined without one. */
  public readonly historyServer: pulumi.Output<string> | undefined;
  /** URL for Spark Connect clients, `sc://...` with the token; undefined without a Spark Connect server. A secret. */
  public readonly sparkConnect: pulumi.Output<string> | undefined;
  /** URLs of the metrics, and of a prometheus.yml for them; undefined without metrics. */
  public readonly metrics: pulumi.Output<string[]> | undefined;
  /** The object store's address and keys, as lines of environment variables for S3 clients; undefined without one. A secret. */
  public readonly objectStore: pulumi.Output<string> | undefined;
  /** URL of JupyterLab with its token. A secret. */
  public readonly jupyterlab: pulumi.Output<string>;
  /** Host names of the workers. */
  public readonly workers: pulumi.Output<string[]>;

  /**
   * @param args The keys of the configuration, all optional; or the configuration of a stack, read and checked.
   * @param opts If no Docker provider is among them, the component makes one for its engine.
   * @throws {pulumi.RunError} with all problems of the arguments.
   */
  constructor(
    name: string,
    args: (SparkClusterArgs & { readonly config?: never }) | CheckedConfig = {},
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    const outline = isChecked(args) ? outlineOf(args) : readArguments(name, args);
    super("spark-cluster:index:SparkCluster", name, {}, withProvider(name, outline.engine, opts));
    startOwnProvider();
    const { engine, config, sizes, swarm, stack, generations, hasWorkspaceFolder } = outline;
    const dialect = dialects[engine.kind];
    const target = swarm === undefined ? new EngineTarget(engine, dialect) : new SwarmTarget(engine, swarm);
    const child = { parent: this };
    const keeping = { parent: this, earlier: earlierState() };
    const home = keptHome(`${name}-home`, { ...keeping, stack, place: agreed(this, name, engine, target.place) });
    const owner = { stack, home };
    const secret = (part: string, key: "tokenGeneration" | "secretGeneration") => {
      const generation = generations[key];
      return keptSecret(`${name}-${part}`, { ...keeping, generation, isFirst: generation === schema[key].default });
    };
    const secrets = {
      token: secret("token", "tokenGeneration"),
      rpc: secret("rpc-secret", "secretGeneration"),
      connectToken: sizes.sparkConnect ? secret("connect-token", "tokenGeneration") : undefined,
      catalogPassword: sizes.catalog === "shared" ? secret("catalog-password", "secretGeneration") : undefined,
      objectStoreKeys: sizes.objectStore
        ? {
            accessKey: secret("object-store-access-key", "secretGeneration"),
            secretKey: secret("object-store-secret-key", "secretGeneration"),
          }
        : undefined,
    };

    const images = new ImageHierarchy(`${name}-image`, { outline, dialect }, child);
    const network = new ClusterNetwork(name, { owner, kind: target.network }, child);
    const hostFolders = hasWorkspaceFolder ? computed(config, ({ folders }) => folders) : undefined;
    const workspaceArgs = { owner, target, part: "workspace", containerPath: workspacePath };
    const workspace =
      hostFolders === undefined
        ? new SharedVolume(`${name}-workspace`, workspaceArgs, child).mount
        : { hostPath: pulumi.output(computed(hostFolders, ({ workspace: path = "" }) => path)), containerPath: workspacePath };

    const shared = { owner, images, config, hostFolders };
    const files = new Map<string | undefined, RoleFiles>();
    for (const { filesOf: part, files: make } of rolesOf(outline)) {
      if (part !== undefined && make !== undefined) {
        const content = (known: ClusterConfig) => ({
          ...make({ config: known, addresses: addressesOf(known), secrets }),
          ...userFiles(known),
        });
        files.set(part, target.files(`${name}-${part}-config`, { ...shared, part, files: content }, this));
      }
    }

    const ofAll = { ...shared, cluster: name, target, workers: sizes.workers, network, workspace, secrets };
    const containers = rolesOf(outline)
      .filter((role) => role.name !== "gateway") // SwarmTarget creates it
      .map((role) => {
        const ofRole = { ...ofAll, role, configFiles: files.get(role.filesOf) };
        return { role, made: new RoleContainers(ofRole, child) };
      });
    const workers = containers.find(({ role }) => role.name === "worker")?.made.names ?? [];
    const running = containers.flatMap(({ made }) => made.running);
    const ready = target.ready(name, { owner, config, images, network, running, workers }, this);

    // Depends on readiness, so that a URL is printed only once it responds.
    const urlWhenReady = (token: pulumi.Output<string>, make: (known: ClusterConfig, token: string) => string) =>
      pulumi.all([config, token, ready]).apply(([known, value]) => make(known as ClusterConfig, value));
    this.sparkMaster = pulumi.output(masterUrl);
    this.sparkUi = pulumi.output(computed(config, (known) => urlOf(known, roles.master.page)));
    this.historyServer = sizes.historyServer
      ? pulumi.output(computed(config, (known) => urlOf(known, roles["history-server"].page)))
      : undefined;
    this.jupyterlab = urlWhenReady(secrets.token, (known, token) => `${labUrl(known)}/lab?token=${token}`);
    this.sparkConnect =
      secrets.connectToken &&
      urlWhenReady(secrets.connectToken, ({ ports }, token) => `sc://localhost:${ports.sparkConnect}/;token=${token}`);
    this.metrics = sizes.metrics
      ? pulumi.output(
          computed(config, (known) => metricsPaths(known.sizes).map((path) => `${portUrl(known, "metrics")}/${path}`)),
        )
      : undefined;
    this.objectStore =
      secrets.objectStoreKeys &&
      pulumi
        .all([config, secrets.objectStoreKeys])
        .apply(([known, keys]) => clientVariables(`http://localhost:${(known as ClusterConfig).ports.objectStore}`, keys));
    this.workers = pulumi.output([...workers]);
    this.registerOutputs(outputsOf(this));
  }
}

/** Whether this is a stack's configuration, already checked. A program's arguments may have an unknown key `config`, which is refused. */
function isChecked(args: SparkClusterArgs | CheckedConfig): args is CheckedConfig {
  return "config" in args && typeof args.engine === "object";
}

/** A page of Spark. */
type SparkPage = Pick<Page, "key"> & { readonly path: string };

/** URLs of Spark's pages in links. With `basePath` they have no host, because browsers may know the proxy by several names. */
function addressesOf(config: ClusterConfig): Addresses {
  const { basePath } = config;
  const addressOf = (page: SparkPage) => (basePath === "" ? urlOf(config, page) : basePath + page.path);
  return {
    sparkUi: addressOf(roles.master.page),
    historyServer: config.sizes.historyServer ? addressOf(roles["history-server"].page) : undefined,
  };
}

/** The URL of a page of Spark for a browser on the engine's machine. */
function urlOf(config: ClusterConfig, { key, path }: SparkPage): string {
  return config.basePath === "" ? portUrl(config, key) : `${labUrl(config)}${path}/`;
}

/** The URL of JupyterLab for a browser on the engine's machine, to which paths are appended. */
function labUrl(config: ClusterConfig): string {
  return portUrl(config, "jupyterlab", config.tls === "none" ? "http" : "https") + config.basePath;
}

/** The URL of a published port for a browser on the engine's machine. */
function portUrl({ bindAddress, ports }: ClusterConfig, page: Page["key"], scheme: "http" | "https" = "http"): string {
  const host = isEverywhere(bindAddress) || bindAddress === loopback ? "localhost" : bindAddress;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${ports[page]}`;
}
