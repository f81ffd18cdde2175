import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { declarations, source, Written } from "../../../testbed/stackConfig";
import { errorOf } from "../helpers/problems";

const project = join(__dirname, "../../..");

test.each(Object.entries(declarations))("%s has a type, a default and a description", (_, declared) => {
  expect(declared.type).toBe(Array.isArray(declared.default) ? "array" : typeof declared.default);
  expect(["string", "object"]).toContain(typeof declared.default);
  expect(declared.default).not.toBeNull();
  expect(declared.description).toMatch(/^[A-Z].+\.$/);
});

test.each(readdirSync(project).filter((file) => ["Pulumi.dev.yaml", "Pulumi.podman.yaml", "Pulumi.team.yaml"].includes(file)))(
  "%s is accepted",
  (file) => {
    const { config } = parse(readFileSync(join(project, file), "utf8")) as { config: Record<string, Written | number> };
    const written = Object.entries(config)
      .filter(([name]) => name.startsWith("spark-cluster:"))
      .map(([name, value]) => [name.replace("spark-cluster:", ""), typeof value === "number" ? String(value) : value] as const);
    expect(written.length).toBeGreaterThan(0);
    expect(errorOf(source(Object.fromEntries(written)))).toBeUndefined();
  },
);
