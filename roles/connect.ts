import * as pulumi from "@pulumi/pulumi";

import { driverLogging, loggingFile } from "../spark/logging";
import { connectHost, connectProperties, driverSecrets, localPath, propertiesFile } from "../spark/properties";
import { driverMemoryWithPython } from "../spark/sizes";
import { Role } from "./role";

/** The Spark Connect server: one driver for programs on the engine's machine. */
export const connect = {
  name: "connect",
  title: "the Spark Connect server",
  component: "spark:SparkConnect",
  hostname: connectHost,
  image: { name: "spark-connect", parent: "spark-base" },
  healthcheck: "spark-connect-answers",
  isOn: ({ sizes }) => sizes.sparkConnect,
  memory: (sizes) => driverMemoryWithPython(sizes) + sizes.tmpMemory,
  cpus: "ideCores",
  filesOf: "connect",
  files: ({ config, addresses, secrets }) => ({
    [loggingFile]: driverLogging(),
    [propertiesFile]: pulumi
      .all([driverSecrets(secrets), secrets.connectToken])
      .apply(([values, token = ""]) => connectProperties(config, addresses.sparkUi, values, token)),
  }),
  volumes: [{ kind: "scratch", suffix: "-local", path: localPath }],
  environment: () => ({ SPARK_LOCAL_DIRS: `${localPath}/local` }),
  // Clients send the token without TLS, but only to localhost. Clients on other machines need a tunnel.
  page: { key: "sparkConnect", internal: 15002, title: "Connect" },
} as const satisfies Role;
