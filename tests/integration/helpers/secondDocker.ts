import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Engine } from "../../../engine/engine";
import { ok, run } from "./run";
import { SecondEngine } from "./secondEngine";
import { untilEngineAnswers } from "./untilEngineAnswers";

const containers: string[] = [];
const networks: string[] = [];

/** Another Docker engine, in a container of this machine's. Alone on its network it has the same address after a restart. */
export async function startDocker({ alone = false } = {}): Promise<SecondEngine> {
  const image = "spark-cluster-test/engine";
  await buildEngine(image);
  const rights = ["--cap-add=ALL", "--cap-drop=SYS_RESOURCE", "--cgroupns=host", "--volume=/sys/fs/cgroup:/sys/fs/cgroup:rw"];
  const unconfined = ["seccomp", "apparmor", "systempaths"].map((what) => `--security-opt=${what}=unconfined`);
  const network = alone ? await createNetwork() : "bridge";
  const placed = [`--network=${network}`, "--tmpfs=/run", "--tmpfs=/tmp"];
  const id = await ok("docker", ["run", "--detach", ...rights, ...unconfined, ...placed, image]);
  const container = id.trim();
  containers.push(container);
  const [own] = JSON.parse(await ok("docker", ["inspect", container])) as [
    { NetworkSettings: { Networks: Record<string, { IPAddress: string; Gateway: string }> } },
  ];
  const { IPAddress: ip, Gateway: address } = own.NetworkSettings.Networks[network]!;
  const engine: Engine = { kind: "docker", host: `tcp://${ip}:2375` };
  await untilEngineAnswers(engine, async () => (await run("docker", ["logs", container])).output.slice(-3000));
  return { engine, address };
}

/** Stops the engines as a machine that is switched off does, with all that runs on them, and starts them again. */
export async function restartDockers(): Promise<void> {
  await Promise.all(containers.map((container) => ok("docker", ["restart", "--time", "60", container], { timeout: 180 })));
}

export async function stopDockers(): Promise<void> {
  await Promise.all(containers.splice(0).map((container) => ok("docker", ["rm", "--force", "--volumes", container])));
  await Promise.all(networks.splice(0).map((network) => ok("docker", ["network", "rm", network])));
}

async function createNetwork(): Promise<string> {
  const network = `spark-cluster-test-engine-${Date.now()}`;
  await ok("docker", ["network", "create", network]);
  networks.push(network);
  return network;
}

async function buildEngine(image: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "spark-cluster-engine-"));
  writeFileSync(
    join(folder, "Dockerfile"),
    [
      "FROM debian:bookworm-slim",
      "RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates docker.io iptables",
      "VOLUME /var/lib/docker",
      'CMD ["dockerd", "--host=unix:///run/docker.sock", "--host=tcp://0.0.0.0:2375", "--tls=false"]',
    ].join("\n"),
  );
  await ok("docker", ["build", "--tag", image, folder], { timeout: 600, env: { ...process.env, DOCKER_BUILDKIT: "0" } });
  rmSync(folder, { recursive: true });
}
