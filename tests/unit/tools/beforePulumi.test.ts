import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as programs from "../../../tools/programs";
import { needsOf } from "../../../tools/stack/beforePulumi";
import { temporaryFolder } from "../helpers/folders";

const debian = "docker.io/library/debian:bookworm-slim";

/** What a stack with these lines in its file needs. */
function needed(config: readonly string[] | undefined, kind?: string) {
  const folder = temporaryFolder();
  copyFileSync(join(__dirname, "../../../Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  if (config !== undefined) {
    writeFileSync(join(folder, "Pulumi.dev.yaml"), ["config:", ...config.map((line) => `  ${line}\n`)].join("\n"));
  }
  jest.replaceProperty(programs, "root", folder);
  jest.replaceProperty(process, "env", { PATH: process.env.PATH });
  return needsOf("dev", kind);
}

test("what a stack needs of its machine is read from its files", () => {
  const docker = { kind: "docker", host: "unix:///var/run/docker.sock" };
  expect(needed(undefined)).toEqual({ engine: docker, baseImage: debian });
  expect(needed(["spark-cluster:workers: 3", "spark-cluster:baseImage: debian:12"])).toEqual({
    engine: docker,
    baseImage: "debian:12",
  });
  expect(needed(undefined, "podman")?.engine.kind).toBe("podman");
  expect(needed(["spark-cluster:engine: podman"], "podman")?.engine.kind).toBe("podman");
  expect(needed(["docker:host: ssh://server"])?.engine).toEqual({ kind: "docker", host: "ssh://server" });
  expect(
    needed(["spark-cluster:imageSource: pull", "spark-cluster:imageRegistry: registry.example.com/team"])?.baseImage,
  ).toBeUndefined();
});

test.each<[string, readonly string[], string | undefined]>([
  ["has secrets", ["spark-cluster:registryPassword:", "  secure: v1:abc"], undefined],
  ["has a secret in a list", ["spark-cluster:extraJars:", "- secure: v1:abc"], undefined],
  ["has a problem", ["spark-cluster:workers: 0"], undefined],
  ["is on another kind of engine", ["spark-cluster:engine: podman"], "docker"],
])("nothing is done beside Pulumi for a stack that %s", (_, config, kind) => {
  expect(needed(config, kind)).toBeUndefined();
});
