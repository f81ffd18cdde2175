import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";

import { Cluster } from "../helpers/cluster";
import { SecurityContext } from "../helpers/securityContext";
import { listeners } from "../helpers/sockets";

/** No port is open that is not needed. No driver may run but Connect's and the notebook's. */
export function openPorts(cluster: Cluster, context: SecurityContext): void {
  cluster.test("containers listen on the ports that they need, and on no others", async (stack) => {
    await context.session();
    const open = Object.entries(await context.containers()).map(async ([part, { Id }]) => {
      const text = await stack.askInside(Id, "sh", "-c", "cat /proc/net/tcp /proc/net/tcp6 2> /dev/null || true");
      const ports = listeners(text)
        .filter((each) => each.address !== "loopback") // Python next to its JVM, the engine's DNS
        .map(({ port }) => (port >= 32768 ? "any" : String(port)));
      return [part, ports.filter((port, index) => port === "any" || ports.indexOf(port) === index).sort()];
    });
    // Any free port: they speak Spark's RPC and ask for the secret, but for the pages of a driver, which the master shows too.
    const driver = ["any", "any", "any"]; // RPC, blocks, pages
    const worker = ["any", "any", "any"]; // RPC, and the blocks of two executors
    expect(Object.fromEntries(await Promise.all(open))).toEqual({
      catalog: ["5432"],
      connect: ["15002", ...driver],
      "history-server": ["18080", "9404"],
      jupyterlab: ["8888", ...driver],
      master: ["7077", "8080"],
      metrics: ["9095"],
      "worker-1": ["8081", ...worker],
      "worker-2": ["8081", ...worker],
    });
  });

  cluster.test("ports are published to the machine itself alone", async () => {
    const ports = Object.values(await context.containers())
      .flatMap(({ HostConfig }) => Object.values(HostConfig.PortBindings ?? {}))
      .flatMap((each) => (each ?? []).map(({ HostPort }) => Number(HostPort)));
    expect(ports).toHaveLength(5);
    // As the kernel sees it.
    const open = listeners(["tcp", "tcp6"].map((name) => readFileSync(`/proc/net/${name}`, "utf8")).join("\n"));
    expect(open.filter(({ port }) => ports.includes(port)).map((each) => each.address)).toEqual(ports.map(() => "loopback"));
    const others = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal);
    expect(others.length).toBeGreaterThan(0);
    const reached = others.flatMap((other) => ports.map((port) => `http://${other.address}:${port}/`)).map(tryFetch);
    expect((await Promise.all(reached)).filter((each) => each !== "ECONNREFUSED")).toEqual([]);
  });
}

async function tryFetch(url: string): Promise<string> {
  try {
    return String((await fetch(url, { signal: AbortSignal.timeout(60_000) })).status);
  } catch (error) {
    return ((error as Error).cause as { code?: string } | undefined)?.code ?? (error as Error).name;
  }
}
