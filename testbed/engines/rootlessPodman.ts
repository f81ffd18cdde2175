import { ChildProcess, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Engine } from "../../engine/engine";
import { ok, run } from "../run";
import { untilEngineAnswers } from "./untilEngineAnswers";

interface Person {
  readonly name: string;
  readonly runtime: string;
  readonly service: ChildProcess;
  /** Device files that were made accessible to everybody, with their earlier modes. */
  readonly opened: readonly (readonly [path: string, mode: number])[];
}

const people: Person[] = [];

/** Starts an empty rootless Podman: the service of a user who is created for the test. */
export async function startRootlessPodman(): Promise<Engine> {
  const name = `podman-${Math.random().toString(36).slice(2, 8)}`;
  await ok("useradd", ["--create-home", name]);
  const [uid = 0, gid = 0] = (await ok("sh", ["-c", `id -u ${name}; id -g ${name}`])).trim().split("\n").map(Number);
  // logind and udev would do this.
  const runtime = `/run/user/${uid}`;
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  chownSync(runtime, uid, gid);
  const opened = ["/dev/net/tun", "/dev/fuse"].map((path) => [path, statSync(path).mode & 0o777] as const);
  opened.forEach(([path]) => {
    chmodSync(path, 0o666);
  });
  const settings = join(homeOf(name), ".config/containers/storage.conf");
  mkdirSync(dirname(settings), { recursive: true });
  writeFileSync(settings, '[storage]\ndriver = "overlay"\n');
  const host = `unix://${runtime}/podman.sock`;
  const [program, ...args] = as(name, runtime, "system", "service", "--time=0", host);
  people.push({ name, runtime, opened, service: spawn(program!, args, { cwd: homeOf(name), stdio: "ignore" }) });
  const engine: Engine = { kind: "podman", host };
  await untilEngineAnswers(engine);
  return engine;
}

export async function stopRootlessPodmans(): Promise<void> {
  for (const { name, runtime, opened, service } of people.splice(0)) {
    service.kill();
    const [program, ...args] = as(name, runtime, "system", "reset", "--force");
    await run(program!, args, { cwd: homeOf(name), timeout: 600 });
    await run("pkill", ["-KILL", "--uid", name]); // the process that keeps the user's namespaces
    await ok("userdel", ["--force", "--remove", name]);
    rmSync(runtime, { recursive: true, force: true });
    opened.forEach(([path, mode]) => {
      chmodSync(path, mode);
    });
  }
}

function homeOf(name: string): string {
  return `/home/${name}`;
}

/** A podman command, run as the user. */
function as(name: string, runtime: string, ...args: string[]): string[] {
  return ["runuser", "--user", name, "--", "env", `HOME=${homeOf(name)}`, `XDG_RUNTIME_DIR=${runtime}`, "podman", ...args];
}
