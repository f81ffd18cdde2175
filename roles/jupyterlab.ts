import * as pulumi from "@pulumi/pulumi";

import { secondsOf } from "../config/duration";
import { Mebibytes } from "../config/memory";
import { revisionOf } from "../engine/revision";
import { configPath } from "../engine/volumes";
import { neverIdle } from "../spark/idle";
import { driverLogging, loggingFile } from "../spark/logging";
import { clientEnvironment, credentialsFile, credentialsOf, objectStoreUrl } from "../spark/objectStore";
import { driverProperties, driverSecrets, jupyterlabHost, masterUrl, ownPath, propertiesFile } from "../spark/properties";
import { sessionEnvironment } from "../spark/sessionSize";
import { driverMemoryWithPython } from "../spark/sizes";
import { labSettings, labSettingsFile } from "./jupyterlab/settings";
import { tlsEnvironment, tlsFiles, tlsRevision } from "./jupyterlab/tls";
import { Role } from "./role";
import { homePath } from "./user";

/** The container has room for one driver with this heap, whatever `driverMemory` is. */
const largestCommonDriver: Mebibytes = 2048;

/**
 * Temporary files on the shared volume, which the next start deletes. With Python's among them, Spark may write into a folder of
 * `tempfile`, as the examples in its documentation do, and executors read it.
 */
const temporaryPath = `${ownPath}/temporary/${jupyterlabHost}`;

/** JupyterLab, whose notebooks are drivers. New Spark properties do not replace its container: the next session reads them. */
export const jupyterlab = {
  name: "jupyterlab",
  title: "JupyterLab",
  component: "notebooks:JupyterLab",
  hostname: jupyterlabHost,
  image: {
    name: "jupyterlab",
    parent: "spark-base",
    stageOfBase: "environment",
    args: ({ extraLabPackages }, base) => ({ BASE: base, EXTRA_LAB_PACKAGES: extraLabPackages.join(" ") }),
  },
  healthcheck: "jupyterlab-answers",
  memory: (sizes) => {
    const notebooks = sizes.sessions - (sizes.sparkConnect ? 1 : 0);
    const drivers = Math.max(
      notebooks * driverMemoryWithPython(sizes),
      driverMemoryWithPython({ ...sizes, driverMemory: largestCommonDriver }),
    );
    return sizes.ideMemory + drivers + sizes.tmpMemory;
  },
  cpus: "ideCores",
  // Twice a worker's: executors that start do not delay the driver that waits for them.
  cpuShares: 2048,
  filesOf: "driver",
  files: ({ config, addresses, secrets }) => ({
    [propertiesFile]: driverSecrets(secrets).apply((values) => driverProperties(config, addresses.sparkUi, values)),
    [loggingFile]: driverLogging(),
    ...sessionEnvironment(config),
    "jupyter-token": secrets.token,
    ...(secrets.objectStoreKeys !== undefined && {
      [credentialsFile]: pulumi.output(secrets.objectStoreKeys).apply(credentialsOf),
    }),
    [labSettingsFile]: labSettings(addresses),
    ...tlsFiles(config),
  }),
  volumes: [{ kind: "kept", suffix: "-home", resource: "ide-home", path: homePath }],
  // A second mount inside of Spark's Python environment, because pip removes and replaces packages only inside it.
  workspaceToo: "/opt/python/workspace",
  environment: (config) => ({
    // The default of spark-class. Next to spark.master in the properties, spark-submit would refuse every --remote.
    SPARK_CLUSTER_MASTER: masterUrl,
    SPARK_LOCAL_DIRS: `${homePath}/.cache/spark`,
    // On a disk, because pip unpacks wheels that are larger than /tmp. Not in a folder of the host or on NFS, which may be slow and refuse
    // sockets.
    TMPDIR:
      config.swarm === undefined && config.folders.workspace === undefined ? `${temporaryPath}/python` : `${homePath}/.cache/tmp`,
    MLFLOW_DFS_TMP: `${temporaryPath}/mlflow`, // MLflow ignores TMPDIR when Spark writes a model
    ...(config.idleTimeout !== neverIdle && { IDLE_SECONDS: String(secondsOf(config.idleTimeout)) }),
    ...(config.folders.workspace !== undefined && { WORKSPACE_OF_HOST: "true" }),
    ...(config.basePath !== "" && { JUPYTERLAB_BASE_PATH: config.basePath }),
    ...(config.sizes.objectStore && {
      ...clientEnvironment(objectStoreUrl),
      AWS_SHARED_CREDENTIALS_FILE: `${configPath}/${credentialsFile}`,
    }),
    ...tlsEnvironment(config),
  }),
  page: {
    key: "jupyterlab",
    internal: 8888,
    title: "JupyterLab",
    exposes: ({ tls }) =>
      tls === "none"
        ? "JupyterLab, with its token alone, which crosses the network in plain text as all of it does: pulumi config set tls generated"
        : "JupyterLab, with its token alone",
  },
  // It reads the token once, when it starts. The hash may be public: the token has 256 random bits.
  replacedBy: ({ config, secrets }) => ({ token: pulumi.unsecret(secrets.token.apply(revisionOf)), ...tlsRevision(config) }),
} as const satisfies Role;
