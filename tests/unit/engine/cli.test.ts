import childProcess from "node:child_process";

import { docker, engineHost, lastLogLines } from "../../../engine/cli";
import { fakeEngine } from "../helpers/engine";

const { DOCKER_HOST } = process.env;

afterEach(() => {
  delete process.env.DOCKER_HOST;
  if (DOCKER_HOST !== undefined) {
    process.env.DOCKER_HOST = DOCKER_HOST;
  }
});

test("the engine is the one that the stack names, else the shell's, else Docker's own", () => {
  process.env.DOCKER_HOST = "tcp://shell:2375";
  expect(engineHost("ssh://stack")).toBe("ssh://stack");
  expect(engineHost(undefined)).toBe("tcp://shell:2375");
  expect(engineHost("")).toBe("tcp://shell:2375");
  process.env.DOCKER_HOST = "";
  expect(engineHost(undefined)).toBe("unix:///var/run/docker.sock");
});

test("every question goes to the stack's engine, whatever the shell says, and ends at some time", () => {
  const calls = fakeEngine({ exec: (container, command) => `${command} in ${container}` });
  expect(docker("ssh://server", "exec", "master", "master-state")).toBe("master-state in master");
  expect(calls.hosts).toEqual(["ssh://server"]);
  const [, , options] = jest.mocked(childProcess.execFileSync).mock.calls[0] ?? [];
  expect(options?.timeout).toBeGreaterThan(0);
});

test("a container's last lines are those of both streams", () => {
  const calls = fakeEngine({ logs: () => ({ stdout: "out\n", stderr: "err\n" }) });
  expect(lastLogLines("ssh://server", "master", 20)).toBe("out\nerr");
  expect(calls.commands).toEqual([["logs", "--tail", "20", "master"]]);
});

test("a client that cannot be started has no lines", () => {
  const missing = { stdout: null, stderr: null, error: new Error("ENOENT") };
  jest.spyOn(childProcess, "spawnSync").mockReturnValue(missing as unknown as ReturnType<typeof childProcess.spawnSync>);
  expect(lastLogLines("ssh://server", "master", 20)).not.toContain("null");
});
