import { readFileSync } from "node:fs";
import { join } from "node:path";

import { imageNames } from "../../../images/plan";

const read = (file: string) => readFileSync(join(__dirname, "../../../images", file), "utf8");

test.each(imageNames)("no build of %s holds a mount's lock, which Podman's service would keep for life", (name) => {
  expect(read(`${name}/Dockerfile`)).not.toMatch(/sharing=/);
});

test("apt's cache is one that builds share, and apt-install lets one of them in at a time, before it touches anything", () => {
  const mounts = [...read("base/Dockerfile").matchAll(/--mount=type=cache,target=(\S+)/g)].map(([, target]) => target);
  expect(mounts).toEqual(["/var/cache/apt", "/var/lib/apt"]);
  const commands = read("base/apt-install")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  expect(commands.slice(0, 3)).toEqual(["set -eu", "exec 9> /var/cache/apt/spark-cluster.lock", "flock 9"]);
  expect(commands.slice(3).join("\n")).toMatch(/^apt-get update /m);
});
