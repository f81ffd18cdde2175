import { broughtTwice } from "./packages";
import { Problem, set } from "./problem";
import { Values } from "./schema";
import { seriesOf, sparkVersions } from "./sparkVersions";

/** The packages of a table format, each as `coordinates@sha256:checksum` or `name==version@sha256:checksum`. */
export interface TablePackages {
  /** All jars that are needed in addition to Spark's. Their dependencies are not resolved. */
  readonly jars: readonly string[];
  /** All Python packages that are needed in addition to PySpark's. */
  readonly python: readonly string[];
}

type Format = Exclude<Values["tables"], "parquet">;

const none: TablePackages = { jars: [], python: [] };

/** Delta Lake's Python package imports them. */
const metadata = [
  "importlib-metadata==8.7.1@sha256:5a1f80bf1daa489495071efbb095d75a634cf28a8bc299581244063b53176151",
  "zipp==4.1.2@sha256:b30cb6cd253122169c47de245ca24a86bac2a5d3802ba15bf7ba6414eb9e144d",
];

const delta440 = (spark: string, sum: string): TablePackages => ({
  jars: [
    `io.delta:delta-spark_${spark}_2.13:4.4.0@sha256:${sum}`,
    "io.delta:delta-storage:4.4.0@sha256:c46735481fa8e326b0957be02b4420cbcab4b325bb08009b7f2045a95133f1cc",
    "io.delta:delta-kernel-api:4.4.0@sha256:ee9b5a14ac3b7efdff4d61a58478fe8eb0e5a3fbca43889dca7290795fe79a11",
    "io.delta:delta-kernel-defaults:4.4.0@sha256:225c975199e4718b38ee5b7e6da7f19e9585024262b2cec2656b32151a856b0b",
    "io.delta:delta-kernel-unitycatalog:4.4.0@sha256:cea22dfb4ac562b3cd27bf652697750e8336009d73fb06631363aaaad5345ffa",
    "io.unitycatalog:unitycatalog-client:0.6.0@sha256:48257499a86b801a3e2372cec55ac226ca1c1c7eabe5c118e7302f29a1fdbc19",
    "io.unitycatalog:unitycatalog-hadoop:0.6.0@sha256:c47b63c961c87102b9e1d63809a0915ba4c86b7652f57c8d39ca3a05b441a150",
    "com.fasterxml.jackson.datatype:jackson-datatype-jdk8:2.13.5@sha256:e58761751fea8a00dc626aae1c5f1be38c5cfd487aeb333d933a4ab5f5a73c55",
  ],
  python: ["delta-spark==4.4.0@sha256:f15cedc2c59855b1660a692f9aca1deac0c4dfcec46531b203025281b102e9c8", ...metadata],
});

/** The packages of each format, by the first two numbers of Spark's version. */
const packages: Readonly<Record<Format, Readonly<Record<string, TablePackages>>>> = {
  delta: {
    "4.2": delta440("4.2", "27d4fd8b1f879535c573ed1c718177d6a27f24d3e626ba02e216369725721ead"),
    "4.1": delta440("4.1", "75a9400986853c061f5109f012547de2545a5759e5e752e5ef633dabe16a4f10"),
    "3.5": {
      jars: [
        "io.delta:delta-spark_2.12:3.3.3@sha256:4912bf902a1c453aba3bd838ff212dedd357155212f9bb37a6b47d97f2827ebc",
        "io.delta:delta-storage:3.3.3@sha256:45ad193053fd30cebe6d9ab1889873cde39b223a0f210e00ebee8b6642476901",
      ],
      python: ["delta-spark==3.3.3@sha256:f44ee1f46e16003276e54743aa9e3f19b7375dd3be9d126be0793485c29b1cee", ...metadata],
    },
  },
  // Not for Spark 3.5: its Hive, 2.3.9, cannot compare and set a table's version (HIVE-26882), and concurrent commits would be lost.
  iceberg: {
    "4.1": {
      jars: [
        "org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.12.0@sha256:3123c3798af642dd537230923548e013ef41cc28b6626e5225808cf5670a0f82",
      ],
      python: [],
    },
  },
};

function packagesOf(tables: Values["tables"], sparkVersion: string): TablePackages | undefined {
  return tables === "parquet" ? none : packages[tables][seriesOf(sparkVersion)];
}

/** What the images need for the tables of a checked configuration. */
export function tablePackages({ tables, sparkVersion }: Pick<Values, "tables" | "sparkVersion">): TablePackages {
  return packagesOf(tables, sparkVersion) ?? none;
}

/** The problems of a table format with the Spark version, the catalog, and jars that the format brings itself. */
export function tableProblems(
  { tables, sparkVersion, catalog }: Pick<Values, "tables" | "sparkVersion" | "catalog">,
  extraJars: readonly string[],
): Problem[] {
  const found = packagesOf(tables, sparkVersion);
  const problems: Problem[] = [];
  if (found === undefined) {
    const other = sparkVersions.find((version) => packagesOf(tables, version) !== undefined);
    problems.push({
      key: "tables",
      value: tables,
      allowed: `not with Spark ${sparkVersion}, for which this project has no ${tables} packages`,
      fix: [other === undefined ? set("tables", "parquet") : set("sparkVersion", other)],
    });
  }
  if (tables === "iceberg" && catalog === "session") {
    problems.push({
      key: "tables",
      value: tables,
      allowed: "not with catalog session: Iceberg commits each change of a table in the shared catalog",
      fix: [set("catalog", "shared")],
    });
  }
  return [...problems, ...broughtTwice(`tables ${tables}`, found?.jars ?? [], extraJars)];
}
