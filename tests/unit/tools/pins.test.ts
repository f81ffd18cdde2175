import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const { dependencies } = JSON.parse(read("package.json")) as { dependencies: Record<string, string> };

test("every npm package is pinned to one version", () => {
  Object.values(dependencies).forEach((version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

test("a Pulumi CLI that is built here is the version that npm would bring", () => {
  expect(dependencies.pulumi).toBe(dependencies["@pulumi/pulumi"]);
  for (const module of ["pkg", "sdk"]) {
    expect(read("tools/pulumi/cli/go.mod")).toContain(`github.com/pulumi/pulumi/${module}/v3 v${String(dependencies.pulumi)}`);
  }
});

test("every Python package of the images is locked by hash", () => {
  for (const lock of ["spark-base/python/4.1.4", "spark-base/python/3.5.9", "spark-base/python/build", "jupyterlab/jupyterlab"]) {
    const packages = read(`images/${lock}.txt`)
      .split(/\n(?=\S)/)
      .filter((entry) => /^[\w.[\]-]+==/.test(entry));
    expect(packages.length).toBeGreaterThan(1);
    packages.forEach((entry) => {
      expect(entry).toMatch(/--hash=sha256:[0-9a-f]{64}/);
    });
  }
});
