import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/**
 * Free ports of this machine, below the kernel's ephemeral ports, which Pulumi's processes use at any time, also those of the
 * other engine's tests. Each stays this process's until it ends: a cluster publishes its ports minutes after they were found
 * free, and the tests of another process look for ports in that time.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if ((await reserve(port)) && (await isFree(port))) {
      ports.push(port);
    }
  }
  return ports;
}

/** Clusters publish over TCP only, so holding the UDP port of the same number disturbs none of them. */
function reserve(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: "127.0.0.1", exclusive: true }, () => {
      socket.unref();
      resolve(true);
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen(port, "127.0.0.1", () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });
}
