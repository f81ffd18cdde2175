/** Settings that hold credentials, by parts of their names. The first row is Spark 4's default, which Spark 3 does not have in full. */
const names = [
  ...["secret", "password", "token", "access[._-]?key", "credential"],
  // As in fs.azure.account.key.NAME, fs.gs.auth.service.account.private.key and fs.s3a.encryption.key; not in io.encryption.keySizeBits.
  "(account|api|decryption|encryption|keystore|private|provided|signing|storage|subscription)[._-]?key(?![a-z])",
  ...["passphrase", "passwd", "pwd", "[._-]pass(?![a-z])"],
  ...["header[.]authorization", "redis[.]auth(?![a-z])"],
];

/** Parts of values: a signed URL of a store, and a URL with a password. Spark looks for all parts in names and in values. */
const values = ["sig(nature)?=", "://[^/ :@]*:[^/ @]+@"];

/**
 * Spark's pages and event logs show no value of these settings, and none that looks like a credential. The pattern has no backslash,
 * because images/spark-base/spark_cluster/defaults.py drops them.
 */
export const redaction = { "spark.redaction.regex": `(?i)${[...names, ...values].join("|")}` };
