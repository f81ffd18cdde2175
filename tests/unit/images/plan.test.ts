import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";

import { ImageConfig } from "../../../config/clusterConfig";
import { ImageName, imageNames, imagesOf, parentOf, planImages, stageTag } from "../../../images/plan";
import { sparkVersions } from "../../../config/sparkVersions";
import { clusterConfig } from "../../../testbed/stackConfig";
import { enterProjectCopy } from "../helpers/folders";

const { images: config } = clusterConfig();
const references = (of: ImageConfig = config) => {
  const plan = planImages(of);
  return imageNames.map((name) => [name, plan[name].reference] as const);
};

/** Those that hold a Spark. */
const onSpark = imageNames.filter((name) => [name, parentOf(name)].includes("spark-base"));

/** The images whose reference is another after an edit. */
function touched(before: ReturnType<typeof references>, after: ReturnType<typeof references>): ImageName[] {
  return after.filter(([, reference], index) => reference !== before[index]?.[1]).map(([name]) => name);
}

test("an edit touches the image and those that derive from it, no other", () => {
  const copy = enterProjectCopy();
  for (const image of imageNames) {
    const before = references();
    appendFileSync(join(copy, "images", image, "Dockerfile"), "# an edit\n");
    const derived = image === "base" ? imageNames : image === "spark-base" ? onSpark : [image];
    expect(touched(before, references())).toEqual(derived);
  }
});

test("JupyterLab's stage of base is another with base and with its own folder, and with nothing else", () => {
  const copy = enterProjectCopy();
  const tag = (edit: Partial<ImageConfig> = {}) => stageTag(planImages({ ...config, ...edit }).jupyterlab);
  const before = tag();
  expect([tag({ extraPythonPackages: ["six"] }), tag({ extraLabPackages: ["six"] })]).toEqual([before, before]);
  expect(tag({ rebuild: "2026-01-31" })).not.toBe(before);
  appendFileSync(join(copy, "images/jupyterlab/jupyterlab.txt"), "# an edit\n");
  expect(tag()).not.toBe(before);
});

test.each<[string, Partial<ImageConfig>, ImageName[]]>([
  ["another base image", { baseImage: "debian:12" }, [...imageNames]],
  ["another word for rebuild", { rebuild: "2026-01-31" }, [...imageNames]],
  ["another version of Spark", { sparkVersion: "3.5.9" }, onSpark],
  ["a package of PyPI", { extraPythonPackages: ["six==1.17.0"] }, onSpark],
  ["a requirement", { requirements: "six==1.17.0\n" }, onSpark],
  ["a package of Debian", { extraDebianPackages: ["tree"] }, onSpark],
  ["a package for JupyterLab itself", { extraLabPackages: ["jupyterlab-git==0.55.0"] }, ["jupyterlab"]],
  ["a table format", { tables: "delta" }, onSpark],
  ["an accelerator", { accelerator: "comet" }, onSpark],
  ["a jar of Maven", { extraJars: ["a:b:1"] }, onSpark],
  ["an object store", { s3: true }, onSpark],
  ["metrics", { historyMetrics: true }, ["history-server"]],
])("%s touches the images that it concerns", (_, edit, expected) => {
  enterProjectCopy();
  expect(touched(references(), references({ ...config, ...edit }))).toEqual(expected);
});

test("another password of an index is no other image", () => {
  enterProjectCopy();
  const withPassword = (password: string) =>
    references({ ...config, requirements: `--extra-index-url https://me:${password}@example.com/simple\nsix==1.17.0\n` });
  expect(touched(withPassword("one"), withPassword("two"))).toEqual([]);
});

test("every image but the first builds on the reference of its parent, which comes before it, and names say nothing of a stack", () => {
  enterProjectCopy();
  const plan = planImages(config);
  expect(plan.base.buildArgs).toEqual({ BASE_IMAGE: "docker.io/library/debian:bookworm-slim", REBUILD: "" });
  expect(plan["spark-base"].buildArgs).toEqual({
    PARENT: plan.base.reference,
    SPARK_VERSION: "4.1.4",
    EXTRA_DEBIAN_PACKAGES: "",
    TABLE_PYTHON_PACKAGES: "",
    PYTHON_REQUIREMENTS: "",
    EXTRA_PYTHON_PACKAGES: "",
    TABLE_JARS: "",
    ACCELERATOR_JARS: "",
    EXTRA_JARS: "",
    S3: "false",
  });
  for (const name of imageNames) {
    const parent = parentOf(name);
    const { buildArgs, context, tag, reference } = plan[name];
    expect(buildArgs.PARENT).toBe(parent && plan[parent].reference);
    expect(imageNames.slice(0, imageNames.indexOf(name))).toEqual(expect.arrayContaining(parent === undefined ? [] : [parent]));
    expect(context).toBe(`images/${name}`);
    expect(tag).toMatch(/^[0-9a-f]{16}$/);
    // With a host, or Podman would take it for an image of a registry.
    expect(reference).toBe(`localhost/spark-cluster-${name}:${tag}`);
  }
});

test("the versions of Spark are those that have a lock file, the newest first", () => {
  const folder = join(__dirname, "../../../images/spark-base/python");
  expect(sparkVersions.length).toBeGreaterThanOrEqual(2);
  expect(sparkVersions.every((version) => existsSync(join(folder, `${version}.txt`)))).toBe(true);
  const weight = (version: string) => version.split(".").reduce((sum, part) => sum * 1000 + Number(part), 0);
  expect([...sparkVersions].sort((one, other) => weight(other) - weight(one))).toEqual(sparkVersions);
});

test("the images of the catalog, the metrics, the object store and the gateway are needed where they run, all others always", () => {
  const without = (...left: string[]) => imageNames.filter((name) => !left.includes(name));
  const all = clusterConfig({ metrics: "true", objectStore: "true" });
  expect(imagesOf({ ...all, swarm: {} })).toEqual(imageNames);
  expect(imagesOf(all)).toEqual(without("gateway"));
  expect(imagesOf(clusterConfig({ catalog: "session" }))).toEqual(without("metrics", "catalog", "object-store", "gateway"));
});
