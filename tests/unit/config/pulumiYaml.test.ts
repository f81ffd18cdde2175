import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { keys } from "../../../config/keys";
import { defaultPorts } from "../../../config/ports";
import { declarations, source, Written } from "../../../testbed/stackConfig";
import { errorOf } from "../helpers/problems";

const project = join(__dirname, "../../..");

test("the keys of Pulumi.yaml are the keys that the program reads", () => {
  expect(Object.keys(declarations).sort()).toEqual(Object.keys(keys).sort());
});

test.each(Object.entries(declarations))("%s has a type, a default and a description", (_, declared) => {
  expect(declared.type).toBe(Array.isArray(declared.default) ? "array" : typeof declared.default);
  expect(["string", "object"]).toContain(typeof declared.default);
  expect(declared.default).not.toBeNull();
  expect(declared.description).toMatch(/^[A-Z].+\.$/);
});

test("the description of ports names the ports that are published by default", () => {
  for (const [name, port] of Object.entries(defaultPorts) as [string, number][]) {
    expect(declarations.ports?.description).toContain(`ports.${name} (${String(port)})`);
  }
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
