import { parse } from "dot-properties";

import { driverProperties } from "../../../spark/properties";
import { redaction } from "../../../spark/redaction";
import { clusterConfig } from "../../../testbed/stackConfig";

/** Spark's Utils.redact finds the pattern anywhere in a setting's name or in its value. Spark has it from Java; these signs mean the same in both. */
const pattern = new RegExp(redaction["spark.redaction.regex"].replace("(?i)", ""), "i");
const isRedacted = (name: string, value = "x") => pattern.test(name) || pattern.test(value);

test("Spark's pages show no credential of a connector", () => {
  const names = [
    // Spark's own, and what its default covers.
    ...["spark.authenticate.secret", "spark.connect.authenticate.token", "spark.hadoop.javax.jdo.option.ConnectionPassword"],
    ...["spark.hadoop.fs.s3a.access.key", "spark.hadoop.fs.s3a.secret.key", "spark.hadoop.fs.s3a.session.token"],
    ...[
      "spark.hadoop.fs.s3a.encryption.key",
      "spark.hadoop.fs.s3a.server-side-encryption.key",
      "spark.hadoop.fs.s3a.proxy.password",
    ],
    ...["spark.executorEnv.AWS_ACCESS_KEY_ID", "spark.executorEnv.AZURE_STORAGE_KEY", "spark.executorEnv.OPENAI_API_KEY"],
    ...["fs.azure.account.key.lake.dfs.core.windows.net", "fs.azure.account.oauth2.client.secret"].map(
      (each) => `spark.hadoop.${each}`,
    ),
    ...["fs.azure.sas.fixed.token", "fs.azure.encryption.encoded.client-provided-key"].map((each) => `spark.hadoop.${each}`),
    ...["fs.gs.auth.service.account.private.key", "fs.gs.encryption.key", "fs.adl.oauth2.credential"].map(
      (each) => `spark.hadoop.${each}`,
    ),
    ...["fs.oss.accessKeySecret", "fs.obs.access.key", "fs.cosn.userinfo.secretKey"].map((each) => `spark.hadoop.${each}`),
    ...[
      "spark.sql.catalog.lake.credential",
      "spark.sql.catalog.lake.s3.access-key-id",
      "spark.sql.catalog.lake.gcs.decryption-key",
    ],
    ...["spark.sql.catalog.lake.header.Authorization", "spark.sql.catalog.lake.header.X-Api-Key", "spark.cosmos.accountKey"],
    ...["sfPassword", "pem_private_key", "kafka.ssl.key.password", "kafka.ssl.keystore.key", "credentials", "gcpAccessToken"],
    ...[
      "spark.es.net.http.auth.pass",
      "spark.es.net.ssl.keystore.pass",
      "spark.redis.auth",
      "spark.x.pemPassphrase",
      "spark.x.dbPwd",
    ],
  ];
  expect(names.filter((name) => !isRedacted(name))).toEqual([]);
  const values = [
    'org.apache.kafka.common.security.plain.PlainLoginModule required username="a" password="b";',
    "jdbc:postgresql://database/birds?user=a&passwd=b",
    "mongodb://user:word@host/birds",
    "https://user:word@repository.example.com/maven",
    "sv=2024-11-04&ss=b&sig=c2lnbmF0dXJl",
    "DefaultEndpointsProtocol=https;AccountName=lake;AccountKey=a2V5",
    "Endpoint=sb://birds;SharedAccessKeyName=a;SharedAccessKey=a2V5",
  ];
  expect(values.filter((value) => !isRedacted("spark.x", value))).toEqual([]);
});

test("Spark's pages show all other settings", () => {
  const s3 = { bucket: "lake", endpoint: "http://store", accessKey: "a", secretKey: "b", region: "eu-1", pathStyle: true };
  const config = { ...clusterConfig({ tables: "iceberg", accelerator: "comet" }), s3 };
  const settings = parse(driverProperties(config, "http://localhost:8080", { rpcSecret: "a" })) as Record<string, string>;
  const hidden = Object.keys(settings).filter((name) => isRedacted(name, settings[name]));
  const credentials = ["spark.hadoop.fs.s3a.access.key", "spark.hadoop.fs.s3a.secret.key"];
  expect(hidden.sort()).toEqual(["spark.authenticate.secret", ...credentials, "spark.redaction.regex"]);
  const others: readonly [string, string?][] = [
    ["spark.io.encryption.keySizeBits", "128"],
    ["spark.io.encryption.keygen.algorithm", "HmacSHA1"],
    ["spark.sql.sources.partitionColumnTypeInference.enabled", "true"],
    ["spark.sql.mapKeyDedupPolicy", "LAST_WIN"],
    ["spark.sql.optimizer.excludedRules", "org.apache.spark.sql.catalyst.optimizer.PushDownPredicates"],
    ["spark.hadoop.fs.azure.account.auth.type", "SharedKey"],
    ["spark.hadoop.fs.azure.account.keyprovider.lake", "org.apache.hadoop.fs.azure.ShellDecryptionKeyProvider"],
    ["spark.hadoop.hadoop.security.authorization", "false"],
    ["spark.hadoop.fs.s3a.endpoint", "http://object-store:7070"],
    ["spark.kubernetes.authenticate.driver.serviceAccountName", "spark"],
    ["spark.driver.extraJavaOptions", "-Dsun.net.bypass=true -Dkey=value"],
    ["spark.jars.repositories", "https://repository.example.com:8443/maven/a@b"],
    ["spark.app.name", "keys and birds"],
  ];
  expect(others.filter(([name, value]) => isRedacted(name, value))).toEqual([]);
});
