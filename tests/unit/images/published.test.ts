import { existsSync, readFileSync } from "node:fs";

import { ImageSupply } from "../../../config/clusterConfig";
import { ImageName, imageNames, planImages } from "../../../images/plan";
import { addDigests, lockFile, publishedReference, pulledReference, readDigests } from "../../../images/published";
import { enterProjectCopy } from "../helpers/folders";
import { clusterConfig } from "../../../testbed/stackConfig";

const supply: ImageSupply = { ...clusterConfig().supply, registry: "registry.example.com:5000/team", architecture: "amd64" };
const { images } = clusterConfig();
const published = (name: ImageName, edit: Partial<ImageSupply> = {}) =>
  publishedReference(name, planImages(images)[name], { ...supply, ...edit });
const digest = `sha256:${"0".repeat(64)}`;

beforeEach(() => {
  enterProjectCopy();
});

test("a published image has the registry, its name, and the tag of its content with the processor that it is for, whoever logs in", () => {
  for (const name of imageNames) {
    const { tag } = planImages(images)[name];
    expect(published(name)).toBe(`registry.example.com:5000/team/spark-cluster-${name}:${tag}-amd64`);
    expect(published(name, { user: "me", password: "hunter2", source: "pull" })).toBe(published(name));
  }
});

test("images for two processors have two names, unless the tag is the user's own", () => {
  expect(published("base", { architecture: "arm64" })).not.toBe(published("base"));
  const own = { tag: "v1" };
  expect(published("base", own)).toBe("registry.example.com:5000/team/spark-cluster-base:v1");
  expect(published("base", { ...own, architecture: "arm64" })).toBe(published("base", own));
});

test("an image is pulled by the digest of the lock file, whatever became of its tag", () => {
  const digests = { [published("base")]: digest };
  expect(pulledReference(published("base"), digests)).toBe(`registry.example.com:5000/team/spark-cluster-base@${digest}`);
  expect(pulledReference(published("jupyterlab"), digests)).toBe(published("jupyterlab"));
});

test("digests are added to the lock file, a new one in the place of an old one, in the order of their names", () => {
  expect([existsSync(lockFile()), readDigests()]).toEqual([false, {}]);
  addDigests({ "r.example.com/b:1": "sha256:one", "r.example.com/c:1": "sha256:two" });
  addDigests({ "r.example.com/a:1": "sha256:three", "r.example.com/c:1": "sha256:four" });
  const all = { "r.example.com/a:1": "sha256:three", "r.example.com/b:1": "sha256:one", "r.example.com/c:1": "sha256:four" };
  expect(readDigests()).toEqual(all);
  const text = readFileSync("images.lock.json", "utf8");
  expect(Object.keys(JSON.parse(text) as object)).toEqual(Object.keys(all));
  expect(text).toMatch(/\}\n$/);
  addDigests({ "r.example.com/b:1": "sha256:one" }); // adding what is there already changes no byte
  expect(readFileSync("images.lock.json", "utf8")).toBe(text);
});
