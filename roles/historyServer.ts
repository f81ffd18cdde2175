import * as pulumi from "@pulumi/pulumi";

import { hasBucket } from "../config/s3";
import { daemonEnvironment } from "../spark/daemon";
import { historyProperties, propertiesFile } from "../spark/properties";
import { Role } from "./role";

/** The history server, which shows finished applications from their event logs. */
export const historyServer = {
  name: "history-server",
  title: "the history server",
  component: "spark:HistoryServer",
  hostname: "history-server",
  image: {
    name: "history-server",
    parent: "spark-base",
    args: ({ historyMetrics }) => ({ METRICS: String(historyMetrics) }),
  },
  healthcheck: "history-server-lists",
  isOn: ({ sizes }) => sizes.historyServer,
  memory: ({ historyMemory, tmpMemory }) => historyMemory + tmpMemory,
  cpus: "daemonCores",
  cpuShares: 128, // its start is expensive and must not delay the others
  filesOf: "history",
  files: ({ config, secrets }) => ({
    // It needs the keys only to read event logs from a bucket.
    [propertiesFile]: pulumi
      .output(hasBucket(config.s3) ? secrets.objectStoreKeys : undefined)
      .apply((keys) => historyProperties(config, keys)),
  }),
  environment: ({ sizes }) => daemonEnvironment(sizes.historyMemory),
  page: {
    key: "historyServer",
    internal: 18080,
    title: "History",
    path: "/history-server", // Spark's scripts take what follows a part "history" for an application's id
    menu: { title: "Applications That Have Ended", address: "historyServer" },
    exposes: () => "the history server, without a login: the same of applications that have ended",
  },
} as const satisfies Role;
