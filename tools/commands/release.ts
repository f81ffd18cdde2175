import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Failure } from "../failure";
import { root, runProgram } from "../programs";
import { OpenStack } from "../stack/openStack";
import { publish } from "./publish";

/**
 * Pushes the images to the stack's registry, and publishes the npm package, which has their digests. npm's own configuration names
 * the npm registry.
 */
export async function release(stack: OpenStack): Promise<void> {
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name: string; version: string };
  const npm = (...args: string[]) => spawnSync("npm", args, { cwd: root, encoding: "utf8" });
  if (npm("whoami").status !== 0) {
    throw new Failure("npm has no login for its registry: npm login");
  }
  if (npm("view", `${name}@${version}`, "version").stdout.trim() !== "") {
    throw new Failure(`${name}@${version} is published already. Give this one another version: npm version patch`);
  }
  await publish(stack);
  runProgram("npm", ["publish"]);
  console.error(`${name}@${version} is published, with the digests of its images.`);
}
