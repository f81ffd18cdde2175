import { TestStack } from "../../testbed/testStack";
import { Cluster } from "../helpers/cluster";
import { ConnectClient } from "../helpers/connectClient";
import { connectJob, connectTables } from "../helpers/tableCells";

/** A client that says that its Python is another: what it packs says so with it. */
const anotherPython = `
sys.version_info = (3, 12, 0, "final", 0)
spark.range(3).select(F.udf(lambda n: n, "long")("id")).collect()
`;

const addressOf = async (stack: TestStack) => (await stack.outputs()).sparkConnect ?? "";

/** Spark Connect serves programs of this machine. `tables` makes those of two notebooks. */
export function connect(cluster: Cluster, tables: () => Promise<unknown>): void {
  const venv = new ConnectClient();
  const client = cluster.early("the installation of the client", () => venv.install());

  cluster.test(
    "Spark Connect runs a program of this machine, with notebooks' tables and a function of its own",
    async (stack) => {
      await tables();
      const { output } = await (await client()).run(connectJob + connectTables, await addressOf(stack));
      expect(output).toContain("sum 499500");
      expect(output).toContain("plus 5050");
      expect(output).toContain("home /var/lib/spark/home");
    },
  );

  cluster.test("Spark Connect refuses another token, none, and a function of another Python, with the reason", async (stack) => {
    const [program, url] = [await client(), await addressOf(stack)];
    const [none, wrong, python] = await Promise.all([
      program.run(connectJob, url.replace(/;token=.*/, "")),
      program.run(connectJob, url.replace(/token=.*/, "token=wrong")),
      program.run(connectJob + anotherPython, url),
    ]);
    expect([none.code, wrong.code, python.code]).toEqual([1, 1, 1]);
    expect(none.output).toContain("No authentication token provided");
    expect(wrong.output).toContain("Invalid authentication token");
    expect(python.output).toContain("sum 499500");
    expect(python.output).toContain("Python in worker has different version: 3.11 than that in driver: 3.12");
  });
}
