import { ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";

import { Engine } from "../../engine/engine";
import { ok } from "../run";
import { SecondEngine } from "./secondEngine";
import { untilEngineAnswers } from "./untilEngineAnswers";

interface Service {
  readonly folder: string;
  readonly process: ChildProcess;
}

const services: Service[] = [];

/** Podman's options that keep all data of a service in one folder. */
function storageIn(folder: string): string[] {
  return [
    `--root=${folder}/root`,
    `--runroot=${folder}/run`,
    `--tmpdir=${folder}/tmp`,
    `--network-config-dir=${folder}/networks`,
  ];
}

/**
 * The default network of a service, on a bridge of its own. On the usual bridge, podman0, containers of the machine's own Podman
 * would take the network away with them when they end.
 */
const defaultNetwork = {
  name: "podman",
  id: "2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9", // Podman's own for this name
  driver: "bridge",
  network_interface: "podman-second0",
  subnets: [{ subnet: "10.87.0.0/16", gateway: "10.87.0.1" }],
  ipam_options: { driver: "host-local" },
};

/** Starts another Podman service with its own images, containers and networks. */
export async function startPodman(): Promise<SecondEngine> {
  const folder = mkdtempSync("/var/tmp/spark-cluster-podman-");
  mkdirSync(join(folder, "networks"));
  writeFileSync(join(folder, "networks/podman.json"), JSON.stringify(defaultNetwork));
  const host = `unix://${join(folder, "podman.sock")}`;
  services.push({
    folder,
    process: spawn("podman", [...storageIn(folder), "system", "service", "--time=0", host], { stdio: "ignore" }),
  });
  const engine: Engine = { kind: "podman", host };
  await untilEngineAnswers(engine);
  return { engine, address: addressOfThisMachine() };
}

export async function stopPodmans(): Promise<void> {
  for (const { folder, process } of services.splice(0)) {
    const podman = (...args: string[]) => ok("podman", [...storageIn(folder), ...args], { timeout: 300 });
    await podman("rm", "--all", "--force", "--volumes");
    await podman("network", "prune", "--force");
    process.kill();
    await podman("rmi", "--all", "--force");
    rmSync(folder, { recursive: true, force: true });
  }
}

function addressOfThisMachine(): string {
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal);
  return found!.address;
}
