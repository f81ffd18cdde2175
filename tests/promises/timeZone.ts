import { Cluster } from "../helpers/cluster";

/** The time zone of the cluster that {@link timeZone} looks at: not that of the machine, and not UTC. */
export const zone = "America/New_York";

/** A cluster whose `timeZone` is {@link zone}. Noon in UTC is eight o'clock there in July. */
export function timeZone(cluster: Cluster): void {
  cluster.test(
    "SQL, Python, pandas and functions of the workers agree on the hour in the configured time zone",
    async (stack) => {
      const output = await stack.python(`
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
df = spark.sql("select timestamp'2026-07-01 12:00:00Z' at").repartition(2)
hour, hours = F.udf(lambda at: at.hour, "int"), F.pandas_udf(lambda at: at.dt.hour.astype("int32"), "int")
print(*df.select(F.hour("at"), hour("at"), hours("at")).first(), df.first().at.hour, df.toPandas()["at"][0].hour)
`);
      expect(output.trim().split("\n").at(-1)).toBe("8 8 8 8 8");
      for (const role of ["master", "worker-1", "jupyterlab", "history-server", "connect", "catalog"]) {
        expect(await stack.askInside(stack.nameOf(role), "date", "--date=2026-07-01T12:00Z", "+%H %Z")).toBe("08 EDT\n");
      }
      expect(await stack.ask("logs", stack.nameOf("catalog"))).toMatch(/ E[SD]T \[\d+\] LOG: {2}database system is ready/);
    },
  );
}
