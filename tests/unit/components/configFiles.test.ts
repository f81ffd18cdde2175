import * as pulumi from "@pulumi/pulumi";

import { ConfigFiles } from "../../../components/configFiles";
import { resolved, run, unknown } from "../helpers/mocks";

const program = (content: pulumi.Input<string>) => () =>
  new ConfigFiles("spark-daemon-config", {
    owner: { stack: "dev", home: "abc" },
    part: "daemon",
    image: "sha256:base",
    files: { "spark-defaults.conf": content, "other.conf": "other" },
  });

test("files are written by a container that is never started, for the cluster's user alone", async () => {
  const { get } = await run(program("spark.a=b"));
  const writer = get("spark-daemon-config-writer");
  const permissions = { permissions: "0440", owner: "1000", group: "1000" };
  expect(writer).toMatchObject({
    type: "docker:index/container:Container",
    inputs: {
      name: "spark-cluster-dev-daemon-config",
      image: "sha256:base",
      start: false,
      mustRun: false,
      networkMode: "none",
      volumes: [{ volumeName: "spark-cluster-dev-daemon-config", containerPath: "/etc/spark-cluster" }],
      uploads: [
        { file: "/etc/spark-cluster/spark-defaults.conf", content: "spark.a=b", ...permissions },
        { file: "/etc/spark-cluster/other.conf", content: "other", ...permissions },
      ],
    },
    options: { parent: "spark-daemon-config", deleteBeforeReplace: true },
  });
});

test("the volume goes with the stack", async () => {
  const { get } = await run(program("x"));
  expect(get("spark-daemon-config-volume")).toMatchObject({
    type: "docker:index/volume:Volume",
    inputs: { name: "spark-cluster-dev-daemon-config" },
    options: { retainOnDelete: false, deleteBeforeReplace: true },
  });
});

test("what is in the files is a secret in the state, whoever wrote it", async () => {
  const { get } = await run(program("spark.a=b"));
  expect(get("spark-daemon-config-writer").secrets).toEqual(["uploads.0.content", "uploads.1.content"]);
});

test("containers mount the files read-only", async () => {
  const { result } = await run(program("x"));
  const mount = await resolved(pulumi.output(result.mount));
  expect(mount.value).toEqual({
    volumeName: "spark-cluster-dev-daemon-config",
    containerPath: "/etc/spark-cluster",
    readOnly: true,
  });
});

test("the revision is the writer's id: known after it is made, unknown in a preview that makes it", async () => {
  const up = await run(program("x"));
  expect(await resolved(up.result.revision)).toMatchObject({ value: "spark-daemon-config-writer-id", known: true });
  const preview = await run(program("x"), { preview: true });
  expect(await resolved(preview.result.revision)).toMatchObject({ known: false });
});

test("a preview that does not know a file's content says so, and keeps the rest", async () => {
  const { get } = await run(program(pulumi.unknown as unknown as string), { preview: true });
  expect(get("spark-daemon-config-writer").inputs.uploads).toMatchObject([{ content: unknown }, { content: "other" }]);
});
