import { spawnSync } from "node:child_process";
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder, write } from "../helpers/folders";

/** Settings of a user, each of which leaves out packages, or ends the installation. */
const settings = {
  NODE_ENV: "production",
  npm_config_bin_links: "false",
  npm_config_dry_run: "true",
  npm_config_global: "true",
  npm_config_omit: "dev",
};

test("the packages for development are installed whatever the user has set, and again where they are missing", () => {
  const folder = temporaryFolder();
  for (const file of ["npm.sh", "lib.sh"]) {
    cpSync(join(__dirname, "../../../tools/machine", file), join(folder, "tools/machine", file));
  }
  const devDependencies = { tsx: "file:tsx" };
  const link = { resolved: "tsx", link: true };
  const packages = { "": { devDependencies }, "node_modules/tsx": link, tsx: { version: "1.0.0", dev: true, bin: "run" } };
  write(join(folder, "package.json"), JSON.stringify({ devDependencies }));
  write(join(folder, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, requires: true, packages }));
  write(join(folder, ".npmrc"), "");
  write(join(folder, "tsx/package.json"), '{ "name": "tsx", "version": "1.0.0", "bin": "run" }');
  write(join(folder, "tsx/run"), "");
  const env = { PATH: process.env.PATH, HOME: folder, ...settings };
  for (const _ of ["first", "again"]) {
    const { status, stderr } = spawnSync(join(folder, "tools/machine/npm.sh"), { cwd: folder, env, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "Installing npm packages ...\n" });
    expect(existsSync(join(folder, "node_modules/.bin/tsx"))).toBe(true);
    rmSync(join(folder, "node_modules/.bin"), { recursive: true });
  }
});
