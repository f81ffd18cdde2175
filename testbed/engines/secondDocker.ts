import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Engine } from "../../engine/engine";
import { ok, run } from "../run";
import { SecondEngine } from "./secondEngine";
import { closeSsh, disconnect, openSsh } from "./ssh";
import { untilEngineAnswers } from "./untilEngineAnswers";

const daemon = ["dockerd", "--host=unix:///run/docker.sock"];
const openPort = ["--host=tcp://0.0.0.0:2375", "--tls=false"];
/** Starts an ssh server before the following command, also when the container is restarted. */
const withSsh = ["sh", "-c", 'mkdir -p /run/sshd && /usr/sbin/sshd -o MaxStartups=100 -o MaxSessions=100 && exec "$@"', "sh"];

const containers: string[] = [];
const networks: string[] = [];

interface DockerOptions {
  /** Whether it has its own network, and so the same address after a restart. */
  readonly alone?: boolean;
  /** An existing network that it joins. */
  readonly network?: string;
  readonly hostname?: string;
  /** Folders of this machine that it sees at the same path. */
  readonly folders?: readonly string[];
  /** Whether it is reached over ssh instead of an open port. */
  readonly ssh?: boolean;
  /** Options of dockerd. */
  readonly options?: readonly string[];
}

/** A Docker engine in a container on this machine. */
export interface SecondDocker extends SecondEngine {
  readonly container: string;
}

/** Starts another Docker engine in a container on this machine. */
export async function startDocker({
  alone = false,
  network = "bridge",
  hostname,
  folders = [],
  ssh = false,
  options = [],
}: DockerOptions = {}): Promise<SecondDocker> {
  const image = "spark-cluster-test/engine";
  await buildEngine(image);
  const rights = ["--cap-add=ALL", "--cap-drop=SYS_RESOURCE", "--cgroupns=host", "--volume=/sys/fs/cgroup:/sys/fs/cgroup:rw"];
  const unconfined = ["seccomp", "apparmor", "systempaths"].map((what) => `--security-opt=${what}=unconfined`);
  const joined = alone ? await createNetwork() : network;
  const placed = [
    `--network=${joined}`,
    "--tmpfs=/run",
    "--tmpfs=/tmp",
    ...folders.map((folder) => `--volume=${folder}:${folder}`),
  ];
  const named = hostname === undefined ? [] : [`--hostname=${hostname}`];
  const command = [...(ssh ? withSsh : []), ...daemon, ...(ssh ? [] : openPort), ...options];
  const id = await ok("docker", ["run", "--detach", ...rights, ...unconfined, ...placed, ...named, image, ...command]);
  const container = id.trim();
  containers.push(container);
  const [own] = JSON.parse(await ok("docker", ["inspect", container])) as [
    { NetworkSettings: { Networks: Record<string, { IPAddress: string; Gateway: string }> } },
  ];
  const { IPAddress: ip, Gateway: address } = own.NetworkSettings.Networks[joined]!;
  const engine: Engine = { kind: "docker", host: ssh ? await openSsh(container, ip) : `tcp://${ip}:2375` };
  await untilEngineAnswers(engine, async () => (await run("docker", ["logs", container])).output.slice(-3000));
  return { engine, address, container };
}

/** Stops the engines and everything on them, as a shutdown of their machine does, and starts them again. */
export async function restartDockers(): Promise<void> {
  await disconnect();
  await Promise.all(containers.map((container) => ok("docker", ["restart", "--time", "60", container])));
}

export async function stopDockers(): Promise<void> {
  await closeSsh();
  await Promise.all(
    containers.splice(0).map((container) => ok("docker", ["rm", "--force", "--volumes", container], { timeout: 600 })),
  );
  await Promise.all(networks.splice(0).map((network) => ok("docker", ["network", "rm", network])));
}

/** Creates a network of this machine's engine, which is removed with the engines. */
export async function createNetwork(): Promise<string> {
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
      "RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates docker.io iptables openssh-server",
      "VOLUME /var/lib/docker",
    ].join("\n"),
  );
  await ok("docker", ["build", "--tag", image, folder], { timeout: 600, env: { ...process.env, DOCKER_BUILDKIT: "0" } });
  rmSync(folder, { recursive: true });
}
