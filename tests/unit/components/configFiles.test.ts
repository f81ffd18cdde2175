import * as pulumi from "@pulumi/pulumi";

import { ConfigFiles } from "../../../components/configFiles";
import { dialects } from "../../../components/dialect";
import { ImageHierarchy } from "../../../components/imageHierarchy";
import { imagesOf } from "../../../images/plan";
import { engines } from "../helpers/engine";
import { enterProjectCopy } from "../helpers/folders";
import { customResources, resolved, run, unknown } from "../helpers/mocks";
import { clusterConfig } from "../helpers/stackConfig";

const program =
  (content: pulumi.Input<string>, stack = "dev") =>
  () => {
    const [engine, dialect] = [engines.docker, dialects.docker];
    const images = new ImageHierarchy("spark-image", { ...clusterConfig(), stack, engine, dialect });
    const files = { "spark-defaults.conf": content, "other.conf": "other" };
    return new ConfigFiles("spark-daemon-config", { owner: { stack, home: "abc" }, engine, part: "daemon", images, files });
  };
const labels = [
  { label: "spark-cluster.stack", value: "dev" },
  { label: "spark-cluster.home", value: "abc" },
];

beforeAll(() => {
  enterProjectCopy();
});

test("files are one volume, filled from the base image once all images stand, that goes with the stack", async () => {
  const { get, resources } = await run(program("spark.a=b"));
  const written = get("spark-daemon-config-volume");
  expect(written).toMatchObject({
    type: "pulumi-nodejs:dynamic/spark-cluster:FilledVolume",
    inputs: { engine: engines.docker, volume: "spark-cluster-dev-daemon-files", image: "sha256:spark-image-base", labels },
    options: { parent: "spark-daemon-config", retainOnDelete: false },
  });
  expect(JSON.parse(String(written.inputs.files))).toEqual({ "spark-defaults.conf": "spark.a=b", "other.conf": "other" });
  expect(written.options.dependencies).toEqual(
    expect.arrayContaining(imagesOf({ sizes: { catalog: "session" } }).map((image) => `spark-image-${image}`)),
  );
  expect(customResources(resources).filter(({ name }) => name.startsWith("spark-daemon-config"))).toHaveLength(1);
});

test("what is in the files is a secret in the state, whoever wrote it; their revision is none", async () => {
  const { get, result } = await run(program(pulumi.secret("spark.a=hunter2")));
  expect(get("spark-daemon-config-volume").secrets).toEqual(["files"]);
  expect(await resolved(result.revision)).toMatchObject({ known: true, secret: false });
  expect((await run(program("spark.a=b"))).get("spark-daemon-config-volume").secrets).toEqual(["files"]);
});

test("containers mount the files read-only", async () => {
  const { result } = await run(program("x"));
  const mount = await resolved(pulumi.output(result.mounts));
  expect(mount.value).toEqual([
    { volumeName: "spark-cluster-dev-daemon-files", containerPath: "/etc/spark-cluster", readOnly: true },
  ]);
});

test("the revision is the same for the same files, another for others, and says nothing of them", async () => {
  const revision = async (content: string, stack?: string) =>
    (await resolved((await run(program(content, stack))).result.revision)).value;
  const one = await revision("one");
  expect(one).toMatch(/^[0-9a-f]{16}$/);
  expect(await revision("one")).toBe(one);
  expect(await revision("one", "other")).toBe(one);
  expect(await revision("two")).not.toBe(one);
});

test("what is written is told the revision that containers carry", async () => {
  const { get, result } = await run(program("one"));
  expect(get("spark-daemon-config-volume").inputs.revision).toBe((await resolved(result.revision)).value);
});

test("a preview knows the revision of files that it knows, and of no others", async () => {
  const known = await run(program("one"), { preview: true });
  const up = await run(program("one"));
  expect(await resolved(known.result.revision)).toEqual(await resolved(up.result.revision));
  const blind = await run(program(pulumi.unknown as unknown as string), { preview: true });
  expect(await resolved(blind.result.revision)).toMatchObject({ known: false });
  expect(blind.get("spark-daemon-config-volume").inputs).toMatchObject({ files: unknown, revision: unknown });
});
