import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { imageNames } from "../../../images/plan";

const root = join(__dirname, "../../../images");
const files = imageNames.flatMap((name) =>
  readdirSync(join(root, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
);
/** It knows the names of each, and takes nothing away on another: trimPackages.test.ts. */
const knowsAll = "spark-base/trim-packages";
const processor = /\b(amd64|x86[-_]64|arm64|aarch64)\b|--platform/i;

test("these are the names that no image may rely on", () => {
  for (const line of ["java-17-openjdk-amd64", "linux/arm64", "FROM --platform=linux x", "x86_64-linux-gnu", "AARCH64"]) {
    expect(line).toMatch(processor);
  }
});

test("every image has its Dockerfile and, but for Spark's own, a script", () => {
  expect(files).toEqual(expect.arrayContaining(imageNames.map((name) => `${name}/Dockerfile`)));
  expect(files).toEqual(
    expect.arrayContaining(["base/apt-install", "spark-worker/spark-worker", "spark-base/python/build.txt", knowsAll]),
  );
});

test.each(files.filter((file) => file !== knowsAll))("%s names no processor: images are built for any", (file) => {
  expect(readFileSync(join(root, file), "utf8")).not.toMatch(processor);
});
