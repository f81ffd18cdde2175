import { ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, Server } from "node:net";
import { delimiter, join } from "node:path";

import { temporaryFolder, write } from "../helpers/folders";

const script = readFileSync(join(__dirname, "../../../images/spark-worker/spark-worker"), "utf8");

/** The daemon with one executor, which it ends when it is told to drain, unless executors are at work; it notes what it is told. */
const daemon = `#!/usr/bin/env python3
import os, signal, subprocess, sys
executor = subprocess.Popen(["sleep", "60"])

def note(words):
    with open(os.environ["HERE"] + "/told", "a") as told:
        told.write(words + "\\n")

def end_executor():
    executor.kill()
    executor.wait()

def drain(*_):
    note("PWR")
    if "AT_WORK" not in os.environ:
        end_executor()

def end(*_):
    note("TERM")
    end_executor()
    sys.exit(143)

signal.signal(signal.SIGPWR, drain)
signal.signal(signal.SIGTERM, end)
note(" ".join(sys.argv[1:]))
if "FAILS" in os.environ:
    end_executor()
    sys.exit(3)
while True:
    signal.pause()
`;

let folder: string;
let master: Server;
let worker: ChildProcess | undefined;

/** Starts a worker's container, as far as its script goes. */
function start(environment: Readonly<Record<string, string>>): void {
  const { port } = master.address() as { port: number };
  const stubs = { "spark-daemon": daemon, "make-packages-folder": "#!/bin/sh\nexit 1\n" };
  Object.entries(stubs).forEach(([name, stub]) => {
    write(join(folder, "bin", name), stub, 0o755);
  });
  // No name of this machine is the master's.
  const own = script.replace("/dev/tcp/spark-master/7077", `/dev/tcp/127.0.0.1/${port}`);
  expect(own).not.toBe(script);
  write(join(folder, "spark-worker"), own);
  worker = spawn("bash", [join(folder, "spark-worker")], {
    detached: true, // so that all of it can be ended, whatever it does
    stdio: "ignore",
    env: {
      PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
      HERE: folder,
      HOSTNAME: "localhost",
      SPARK_LOCAL_DIRS: join(folder, "local"),
      SPARK_CONF_DIR: "/etc/spark-cluster",
      ...environment,
    },
  });
}

const endCode = (signal?: "SIGTERM") =>
  new Promise<number | null>((resolve) => {
    worker?.on("exit", resolve);
    worker?.kill(signal ?? 0);
  });
const told = () => (existsSync(join(folder, "told")) ? readFileSync(join(folder, "told"), "utf8").split("\n").slice(0, -1) : []);

async function untilItRuns(): Promise<void> {
  while (told().length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const command = (host: string) =>
  `org.apache.spark.deploy.worker.Worker --host ${host} --webui-port 8081 ` +
  "--properties-file /etc/spark-cluster/spark-defaults.conf spark://spark-master:7077";

beforeEach(async () => {
  folder = temporaryFolder();
  master = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => {
    master.listen(0, "127.0.0.1", resolve);
  });
});

afterEach(async () => {
  try {
    process.kill(-worker!.pid!, "SIGKILL");
  } catch {
    // it has ended
  }
  await new Promise((resolve) => master.close(resolve));
});

test("on one engine, the daemon takes the script's place, by the name of its container, and a full disk keeps it from nothing", async () => {
  write(join(folder, "local/left"), "what a killed executor left");
  write(join(folder, "home/left"), "what its Python left");
  start({});
  await untilItRuns();
  expect(readFileSync(`/proc/${worker!.pid}/environ`, "utf8").split("\0")).toContain(`HOME=${join(folder, "home")}`);
  expect(await endCode("SIGTERM")).toBe(143);
  expect(told()).toEqual([command("localhost"), "TERM"]);
  expect(existsSync(join(folder, "local"))).toBe(false);
  expect(readdirSync(join(folder, "home"))).toEqual([]);
});

test("a worker that no other container knows by name goes by its address", async () => {
  start({ SPARK_WORKER_KNOWN_BY: "address", SPARK_WORKER_DRAIN: "30" });
  await untilItRuns();
  expect(told()).toEqual([command("127.0.0.1")]);
});

test.each([
  ["as soon as it has no executor", { SPARK_WORKER_DRAIN: "30" }, 0, 15_000],
  ["when its time is up, if its executors take longer", { SPARK_WORKER_DRAIN: "2", AT_WORK: "yes" }, 1900, 30_000],
])("a worker that has time to drain is told to, and ended %s", async (_, environment, least, most) => {
  start(environment);
  await untilItRuns();
  const begun = Date.now();
  expect(await endCode("SIGTERM")).toBe(143);
  expect(told()).toEqual([command("localhost"), "PWR", "TERM"]);
  expect(Date.now() - begun).toBeGreaterThanOrEqual(least);
  expect(Date.now() - begun).toBeLessThan(most);
});

test("a worker that fails by itself ends its container in the same way, for the swarm to see", async () => {
  start({ SPARK_WORKER_DRAIN: "30", FAILS: "yes" });
  expect(await endCode()).toBe(3);
});
