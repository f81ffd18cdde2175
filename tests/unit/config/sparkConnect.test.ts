import { clusterConfig, errorOf, mended, problemsOf, source } from "../helpers/stackConfig";

test("a Spark Connect server is refused with a Spark whose server knows no token, and with none else", () => {
  const written = { sparkConnect: "true", sparkVersion: "3.5.9" };
  expect(problemsOf(source(written))).toEqual([
    {
      key: "sparkConnect",
      value: "true",
      allowed: "false with Spark 3.5.9: before Spark 4.0 its Connect server knows no token, and serves whoever reaches its port",
      mend: "pulumi config set sparkVersion 4.1.4",
    },
  ]);
  expect(errorOf(source(mended(written, "pulumi config set sparkVersion 4.1.4")))).toBeUndefined();
  expect(clusterConfig({ sparkVersion: "3.5.9" }).sizes.sparkConnect).toBe(false);
});

test.each(["spark.connect.authenticate.token", "spark.connect.grpc.binding.address", "spark.connect.grpc.binding.port"])(
  "no setting opens the server's door: %s",
  (setting) => {
    const [problem] = problemsOf(source({ sparkConnect: "true", sparkProperties: { [setting]: "x" } }));
    expect(problem).toMatchObject({
      key: `sparkProperties["${setting}"]`,
      allowed: "may not be set: the door of Spark Connect is the cluster's own",
    });
  },
);

test("which catalog it is has a key of its own", () => {
  const [problem] = problemsOf(source({ sparkProperties: { "spark.sql.catalogImplementation": "hive" } }));
  expect(problem?.mend).toContain("pulumi config set catalog");
});
