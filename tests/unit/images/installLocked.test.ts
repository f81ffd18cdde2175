import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder, write } from "../helpers/folders";

const script = readFileSync(join(__dirname, "../../../images/base/install-locked"), "utf8");

/** A pip that notes how it is called, and installs a uv that notes the same and the variables that it gets, and ends as `$UV_ENDS` says. */
const pip = `
import os, pathlib, sys
with open("calls", "a") as file:
    print("pip", *sys.argv[1:], file=file)
if "--target" in sys.argv:
    uv = pathlib.Path(sys.argv[sys.argv.index("--target") + 1], "bin/uv")
    uv.parent.mkdir(parents=True)
    uv.write_text('#!/bin/sh\\n[ "$1" = --version ] || { echo uv "$@"; env | grep -E "^(UV_[DFI]|SSL_|ALL_)" | sort; } >> calls; exit $UV_ENDS\\n')
    uv.chmod(0o755)
`;

/** What is called, one line each, with the variables of uv, to install a lock file into /env. */
function installing({ env = {}, conf = "", cached }: { env?: Record<string, string>; conf?: string; cached?: string }) {
  const folder = temporaryFolder();
  write(join(folder, "wheels/pip-1.whl/pip/__main__.py"), pip);
  write(join(folder, "uv.txt"), "uv==1.2.3 --hash=sha256:0\n");
  write(join(folder, "cache/kept"), "");
  write(join(folder, "home/.config/pip/pip.conf"), conf);
  if (cached !== undefined) {
    write(join(folder, `cache/uv-1.2.3-${cached}/bin/uv`), "");
  }
  const own = script
    .replace("/root/.cache/uv", join(folder, "cache"))
    .replace("/opt/requirements/uv.txt", join(folder, "uv.txt"))
    .replace("/usr/share/python-wheels", join(folder, "wheels"))
    .replace('"/etc/xdg/pip/pip.conf", "/etc/pip.conf", ', "");
  write(join(folder, "install-locked"), own);
  const args = [join(folder, "install-locked"), "/env", "--requirement", "packages.txt"];
  const options = { cwd: folder, env: { PATH: process.env.PATH, HOME: join(folder, "home"), UV_ENDS: "0", ...env } };
  const { status } = spawnSync("python3", args, options);
  const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
  return { status, calls: calls.map((call) => call.replace(/^pip .* --target .*$/, "pip gets uv")) };
}

const byUv = "uv pip install --no-progress --no-deps --require-hashes --python /env --requirement packages.txt";
const byPip = "pip --python /env install --no-compile --no-deps --require-hashes --requirement packages.txt";
const bestMatch = "UV_INDEX_STRATEGY=unsafe-best-match";

test("uv installs, from the index and with the certificates of pip's configuration, of which the environment counts more", () => {
  expect(installing({})).toEqual({ status: 0, calls: ["pip gets uv", byUv, bestMatch] });
  const conf = `
[global]
index-url = https://files.example.com/simple
extra_index_url =
  https://one.example.com/simple
  https://two.example.com/simple
timeout = 60.5
[install]
trusted-host = one.example.com
find-links = /a /b
`;
  const env = { PIP_INDEX_URL: "https://me:pass@pip.example.com/simple", PIP_CERT: "/ca.pem", PIP_PROXY: " " };
  expect(installing({ conf, env }).calls.slice(2)).toEqual([
    "SSL_CERT_FILE=/ca.pem",
    "UV_DEFAULT_INDEX=https://me:pass@pip.example.com/simple",
    "UV_FIND_LINKS=/a,/b",
    "UV_INDEX=https://one.example.com/simple https://two.example.com/simple",
    bestMatch,
    "UV_INSECURE_HOST=one.example.com",
  ]);
  expect(installing({ conf, env: { PIP_CONFIG_FILE: "/dev/null" } }).calls.slice(2)).toEqual([bestMatch]);
});

test.each([
  ["settings that uv lacks", { PIP_NO_INDEX: "1" }],
  ["a client's certificate", { PIP_CLIENT_CERT: "/me.pem" }],
  ["an index without TLS", { PIP_INDEX_URL: "http://pip.example.com/simple" }],
])("with %s, pip installs", (_, env) => {
  expect(installing({ env })).toEqual({ status: 0, calls: [byPip] });
});

test("what uv could not install, pip installs", () => {
  expect(installing({ env: { UV_ENDS: "2" } }).calls).toEqual(["pip gets uv", byUv, bestMatch, byPip]);
});

test("a uv in the cache that does not run is got again", () => {
  const machine = execFileSync("uname", ["-m"], { encoding: "utf8" }).trim();
  expect(installing({ cached: machine }).calls).toEqual(["pip gets uv", byUv, bestMatch]);
});
