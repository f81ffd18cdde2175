import { Values } from "../config/schema";

type Format = Values["tables"];

/** The SQL extensions of a table format. */
export function tableExtensions(format: Format): string[] {
  const extensions: Readonly<Record<Format, string[]>> = {
    parquet: [],
    delta: ["io.delta.sql.DeltaSparkSessionExtension"],
    iceberg: ["org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"],
  };
  return extensions[format];
}

/** The settings with which `saveAsTable`, and `CREATE TABLE` without `USING`, make tables of a format. */
export function tableProperties(format: Format): Record<string, string> {
  return format === "parquet"
    ? {}
    : {
        "spark.sql.sources.default": format,
        // Spark 3 would make tables of Hive's text format.
        "spark.sql.legacy.createHiveTableByDefault": "false",
        // The parsers of both formats lose the arguments of spark.sql(query, args) on their way to Spark 4.1's own, which this brings there.
        "spark.sql.legacy.parameterSubstitution.constantsOnly": "true",
        ...catalogs[format],
      };
}

/** The catalog that replaces Spark's own. It passes tables of other formats on to Spark's. */
const catalog = "spark.sql.catalog.spark_catalog";

const catalogs: Readonly<Record<Exclude<Format, "parquet">, Record<string, string>>> = {
  delta: {
    [catalog]: "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    // The tasks that read a table's log. Delta's own 50 suit large logs.
    "spark.databricks.delta.snapshotPartitions": "8",
  },
  iceberg: {
    [catalog]: "org.apache.iceberg.spark.SparkSessionCatalog",
    [`${catalog}.type`]: "hive",
    // Each client of the catalog's has connections to its database.
    [`${catalog}.clients`]: "1",
    // Otherwise a session would not see the changes of other sessions for half a minute.
    [`${catalog}.cache-enabled`]: "false",
    // A commit compares and sets the table's version in one statement of the database. A lock would stay if its driver were killed.
    "spark.hadoop.iceberg.engine.hive.lock-enabled": "false",
    // Iceberg tracks columns itself. Hive would refuse to drop or reorder them.
    "spark.hadoop.hive.metastore.disallow.incompatible.col.type.changes": "false",
  },
};
