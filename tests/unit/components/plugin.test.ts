import { join } from "node:path";

import { ConstructResult } from "@pulumi/pulumi/provider";

import { componentProvider } from "../../../components/plugin/componentProvider";
import { token, typeOf } from "../../../components/plugin/packageSchema";
import { keys, schema } from "../../../config/schema";
import { fakeEngine } from "../helpers/engine";
import { enterProjectCopy, temporaryFolder } from "../helpers/folders";
import { resolved, run } from "../helpers/mocks";

const manifest = { version: "1.2.3", description: "Birds" };
const provider = componentProvider(manifest, join(__dirname, "../../.."));

beforeEach(() => {
  enterProjectCopy();
  fakeEngine();
});

/** What Pulumi calls for a resource in a program of another language. */
async function constructed(inputs: object, type = token) {
  let result: Promise<ConstructResult> | undefined;
  const { get } = await run(async () => {
    const args = { host: "ssh://me@plugin", caCertificates: "none", ...inputs };
    result = provider.construct?.("birds", type, args, {});
    await result;
  });
  return { state: (await result)?.state as Readonly<Record<string, unknown>>, get };
}

type Properties = Readonly<Record<string, object>>;

function described() {
  const { types, resources } = JSON.parse(provider.schema ?? "") as {
    readonly types: Readonly<Record<string, { readonly properties: Properties }>>;
    readonly resources: Readonly<Record<string, { readonly inputProperties: Properties; readonly properties: Properties }>>;
  };
  return { types, ...resources[token] };
}

test("the schema of the package has every key, with its type, its description and its default", () => {
  const { inputProperties, types } = described();
  expect(JSON.parse(provider.schema ?? "")).toMatchObject({ name: "spark-cluster", version: "1.2.3" });
  expect(Object.keys(inputProperties ?? {})).toEqual(["id", "host", ...keys]);
  expect(inputProperties).toMatchObject({
    workers: {
      oneOf: [
        { type: "integer", plain: true },
        { type: "string", plain: true },
      ],
    },
    workerCores: { type: "integer", description: `${schema.workerCores.description} The default is 2.` },
    imageRegistry: { type: "string", description: schema.imageRegistry.description },
    tables: { type: "string" },
    historyServer: { type: "boolean", plain: true },
    extraJars: { type: "array", items: { type: "string" } },
    sparkProperties: { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } },
    ports: { $ref: "#/types/spark-cluster:index:Ports" },
    placement: { type: "object", additionalProperties: { type: "string" } },
  });
  expect(inputProperties?.workerCores).not.toHaveProperty("plain");
  expect(types["spark-cluster:index:Ports"]?.properties.sparkUi).toMatchObject({ type: "integer" });
});

test("a type that the schema of packages does not have is an error", () => {
  expect(() => typeOf("Date")).toThrow("no type for Date");
  expect(() => typeOf('Date | "now"')).toThrow('no type for Date | "now"');
});

test("the provider makes the cluster of the arguments, and returns all outputs of the schema", async () => {
  const { state, get } = await constructed({ workers: 3, sparkConnect: true, metrics: true, objectStore: true });
  expect(get("birds-worker-3").inputs).toMatchObject({ name: "spark-cluster-spark-cluster-unit-birds-worker-3" });
  expect(Object.keys(state)).toEqual(Object.keys(described().properties ?? {}));
  for (const [name, property] of Object.entries(described().properties ?? {})) {
    const { secret } = await resolved(state[name] as never);
    expect([name, secret]).toEqual([name, "secret" in property]);
  }
});

test("outputs that a cluster does not have are left out", async () => {
  const { state } = await constructed({ historyServer: false });
  expect(Object.keys(state)).toEqual(["sparkMaster", "sparkUi", "jupyterlab", "workers"]);
});

test("the provider rejects wrong arguments and other resources", async () => {
  await expect(constructed({ workers: 0 })).rejects.toThrow(/1 problem in the arguments of SparkCluster "birds"[^]*workers: "0"/);
  await expect(constructed({}, "spark-cluster:index:Other")).rejects.toThrow("no resource spark-cluster:index:Other");
});

test("the provider rejects a program whose folder does not have the SDK, from which Pulumi starts dynamic providers", async () => {
  const folder = temporaryFolder();
  await expect(componentProvider(manifest, folder).construct?.("birds", token, {}, {})).rejects.toThrow(
    `The package spark-cluster has to be installed in the folder of the program, ${folder}, by npm install.`,
  );
});
