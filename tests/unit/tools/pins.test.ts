import { readFileSync } from "node:fs";
import { join } from "node:path";

import { sparkVersions } from "../../../config/sparkVersions";
import { modelOf } from "../../../tools/commands/addSpark";

const root = join(__dirname, "../../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const pack = JSON.parse(read("package.json")) as Record<"dependencies" | "devDependencies", Record<string, string>>;
const dependencies = { ...pack.dependencies, ...pack.devDependencies };

test("every npm package is pinned to one version", () => {
  Object.values(dependencies).forEach((version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

test("a Pulumi CLI that is built here is the version that npm would bring", () => {
  expect(dependencies.pulumi).toBe(dependencies["@pulumi/pulumi"]);
  expect(read("Pulumi.yaml")).toContain(`requiredPulumiVersion: ">=${String(dependencies.pulumi)}"`); // as a bare pulumi may be another
  for (const module of ["pkg", "sdk"]) {
    expect(read("tools/pulumi/docker-provider/go.mod")).toContain(
      `github.com/pulumi/pulumi/${module}/v3 v${String(dependencies.pulumi)}`,
    );
  }
});

const locks = [...sparkVersions, "build"].map((name) => `spark-base/python/${name}`);

test.each([...locks, "jupyterlab/jupyterlab"].map((lock) => `images/${lock}.txt`).concat("tools/checks/audit.txt"))(
  "every Python package of %s is locked by hash",
  (lock) => {
    const packages = read(lock)
      .split(/\n(?=\S)/)
      .filter((entry) => /^[\w.[\]-]+==/.test(entry));
    expect(packages.length).toBeGreaterThan(1);
    packages.forEach((entry) => {
      expect(entry).toMatch(/--hash=sha256:[0-9a-f]{64}/);
    });
  },
);

test.each(["3.5.0", "3.4.2", "3.3.4"])("every jar that S3A needs with Hadoop %s has its sum", (hadoop) => {
  const lines = read(`images/spark-base/s3-jars/${hadoop}.sha256`).trimEnd().split("\n");
  expect(lines.filter((line) => line.endsWith(`  hadoop-aws-${hadoop}.jar`))).toHaveLength(1);
  lines.forEach((line) => {
    expect(line).toMatch(/^[0-9a-f]{64} {2}[\w.-]+\.jar$/);
  });
});

test("a new Spark begins with the requirements of the next lower one", () => {
  const models = ["4.2.0", "4.9.1", "4.11.0", "3.5.8"].map((version) => modelOf(version, ["4.1.4", "3.5.9", "4.10.0"]));
  expect(models.join(" ")).toBe("4.1.4 4.1.4 4.10.0 3.5.9");
});
