import { engines } from "../../../testbed/engines/socketsOfRoot";
import { stackConfig } from "../../../testbed/stackConfig";
import { checkCluster } from "../../../tools/stack/checkCluster";
import type { OpenStack } from "../../../tools/stack/openStack";
import { fakeEngine, FakeEngine } from "../helpers/engine";

const containers = ["master", "worker", "jupyterlab"].map((role) => ({ id: role, labels: { "spark-cluster.role": role } }));
const values = stackConfig({ caCertificates: "none" });
const outputs = { workers: ["w1", "w2"], jupyterlab: "http://localhost:8888/lab?token=t", sparkUi: "http://localhost:8080" };

/** What is printed of a cluster that is ready, up to the job, which fails here. */
async function checked(
  used: { coresused?: number; memoryused?: number },
  rest: FakeEngine = {},
  host = engines.docker.host,
): Promise<string> {
  const printed = jest.spyOn(console, "log").mockReturnValue();
  const worker = { state: "ALIVE", cores: 2, memory: 1024, coresused: 0, memoryused: 0 };
  const workers = [
    { ...worker, host: "w1" },
    { ...worker, host: "w2", ...used },
  ];
  const state = JSON.stringify({ status: "ALIVE", workers, activeapps: [{ id: "app-1", name: "my notebook" }] });
  fakeEngine({ ...rest, containers: () => containers, exec: (_, command) => (command === "master-state" ? state : "") });
  const stack = { name: "dev", engine: { kind: "docker", host }, isOnSwarm: false, values, isSecret: () => false };
  await checkCluster(stack as unknown as OpenStack, outputs);
  return printed.mock.calls.join("\n");
}

test.each([
  [{ coresused: 2 }, "cores are"],
  [{ memoryused: 1023 }, "memory is"],
  [{ memoryused: 513 }, "memory is"],
])("workers that a notebook has taken run no job, which would wait for an executor: %j", async (used, taken) => {
  expect(await checked(used)).toContain(
    `All 2 workers are registered. Their ${taken} in use by "my notebook", so no job was run.`,
  );
});

test.each([
  ["unix:///var/run/docker.sock", {}, undefined],
  ["unix:///desktop.sock", { Name: "docker-desktop", OperatingSystem: "Docker Desktop" }, undefined],
  [
    "unix:///forwarded.sock",
    { Name: "birds" },
    'on a machine named "birds". If the addresses do not open here, open a tunnel first: ',
  ],
  ["tcp://birds:2376", { Name: "birds" }, 'on a machine named "birds". If the addresses do not open here, open a tunnel first: '],
  ["ssh://me@birds", {}, "on another machine. Open a tunnel first: "],
])("an engine at %s whose info says %j has the addresses elsewhere: %s", async (host, info, hint) => {
  const printed = await checked({ coresused: 2 }, { info }, host);
  const tunnel = `ssh -N -L 8888:localhost:8888 -L 8080:localhost:8080 ${host.startsWith("ssh") ? host : "USER@MACHINE"}`;
  expect(printed).toContain("http://localhost:8080");
  expect(/The engine is (.*)/.exec(printed)?.[1]).toBe(hint && hint + tunnel);
});

test("workers with room for an executor run it", async () => {
  await expect(checked({ coresused: 1, memoryused: 512 })).rejects.toThrow("but a job on it ended with exit code");
});
