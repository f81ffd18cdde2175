import { ConfigSource, readConfig } from "../../../config/reader";
import { errorOf, problemsOf } from "../helpers/problems";
import { source } from "../../../testbed/stackConfig";

const secret: Partial<ConfigSource> = { isSecret: (name) => name === "spark-cluster:s3" };
const credentials = { accessKey: "AKIA", secretKey: "hunter2" };
const s3Of = (s3: Record<string, unknown>) => readConfig(source({ s3 }, secret)).s3;

test("without the key there is no object store, and nothing of it in the images", () => {
  const { s3, images } = readConfig(source());
  expect(s3).toBeUndefined();
  expect(images.s3).toBe(false);
});

test("a store is Amazon's own unless another is named, and what is written goes where it belongs", () => {
  const named = { region: "us-east-1", bucket: "", ...credentials };
  expect(s3Of(credentials)).toEqual({ ...named, endpoint: "", pathStyle: false });
  expect(s3Of({ ...credentials, endpoint: "http://minio:9000/" })).toEqual({
    ...named,
    endpoint: "http://minio:9000",
    pathStyle: true,
  });
  expect(readConfig(source({ s3: credentials }, secret)).images.s3).toBe(true);
  const s3 = { ...credentials, endpoint: "https://s3.example.com", region: "eu-1", pathStyle: false, bucket: "lake" };
  expect(s3Of(s3)).toEqual(s3);
});

test("credentials in plain text are refused, unshown, and the commands that fix it ask for others", () => {
  expect(problemsOf(source({ s3: credentials }))).toEqual(
    ["accessKey", "secretKey"].map((field) => ({
      key: `s3.${field}`,
      value: "plain text",
      allowed: "a secret, which the command asks for",
      fix: `pulumi config set --secret --path s3.${field}`,
    })),
  );
});

test("a store without credentials is told which are missing", () => {
  expect(problemsOf(source({ s3: { endpoint: "http://minio:9000" } }, secret))).toMatchObject([
    { key: "s3.accessKey", value: "nothing" },
    { key: "s3.secretKey", value: "nothing" },
  ]);
});

test("a bucket that is left over from the cluster's own store is removed, and no credentials of another store are asked for", () => {
  expect(problemsOf(source({ objectStore: "false", s3: { bucket: "lake" } }))).toEqual([
    {
      key: "s3.bucket",
      value: '"lake"',
      allowed: "nothing without objectStore true, or s3.accessKey and s3.secretKey of another store",
      fix: "pulumi config rm --path s3.bucket",
    },
  ]);
});

test("the cluster's own store needs neither an address nor keys, and takes a bucket for event logs and tables", () => {
  const own = { endpoint: "http://object-store:7070", accessKey: "", secretKey: "", region: "us-east-1", pathStyle: true };
  const { s3, images } = readConfig(source({ objectStore: "true" }));
  expect(s3).toEqual({ ...own, bucket: "" });
  expect(images.s3).toBe(true);
  expect(readConfig(source({ objectStore: "true", s3: { bucket: "lake" } })).s3).toEqual({ ...own, bucket: "lake" });
});

test("another store next to the cluster's own is refused, and no value is shown", () => {
  const given = source({ objectStore: "true", s3: { ...credentials, endpoint: "http://minio:9000", bucket: "lake" } }, secret);
  expect(problemsOf(given)).toMatchObject(
    ["accessKey", "secretKey", "endpoint"].map((field) => ({
      key: `s3.${field}`,
      value: "(secret)",
      fix: `pulumi config rm --path s3.${field}`,
    })),
  );
});

test("a swarm has no store of its own", () => {
  const given = source({ objectStore: "true", target: "swarm", imageSource: "pull", imageRegistry: "registry.example.com" });
  const fix = "pulumi config set objectStore false";
  expect(problemsOf(given)).toMatchObject([{ key: "objectStore", value: "true", fix }]);
});

type Case = [given: Record<string, string>, key: string, fix: string];

test.each<Case>([
  [{ endpoint: "minio:9000" }, "s3.endpoint", "pulumi config set --path s3.endpoint https://mirror.example.com/path"],
  [{ region: "eu 1" }, "s3.region", "pulumi config set --path s3.region 2026-01-31"],
  [{ pathStyle: "yes" }, "s3.pathStyle", "pulumi config set --path s3.pathStyle true"],
  [{ secretKey: "a\nb" }, "s3.secretKey", "pulumi config rm --path s3.secretKey"],
  [{ acessKey: "x" }, "s3.acessKey", "pulumi config rm --path s3.acessKey"],
  [{ "secret key": "x" }, 's3."secret key"', "pulumi config rm s3"],
  ...["Lake", "ab", "a_b", "-lake", "lake.", "lake/data", "a".repeat(64)].map((bucket): Case => {
    return [{ bucket }, "s3.bucket", "pulumi config rm --path s3.bucket"];
  }),
])("%j is refused, and no value is shown", (given, key, fix) => {
  const given_ = source({ s3: { ...credentials, ...given } }, secret);
  expect(problemsOf(given_)).toMatchObject([{ key, fix }]);
  expect(errorOf(given_)?.message).not.toMatch(/hunter2|AKIA/);
});

test.each(["", "lake", "data-lake.example", "0a0", "a".repeat(63)])("a bucket may be called %j", (bucket) => {
  expect(s3Of({ ...credentials, bucket })?.bucket).toBe(bucket);
});
