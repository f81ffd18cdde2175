import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

import { TestStack } from "../../testbed/testStack";

/** Writes every frame of an interface, also those that only cross it, for ten minutes or 256 MiB; how many it missed it says at its end. */
const listener = `
import signal, socket, struct, sys, time
PROMISCUOUS = struct.pack("iHH8s", socket.if_nametoindex(sys.argv[1]), 1, 0, b"")
SOL_PACKET, ADD_MEMBERSHIP, STATISTICS, SO_RCVBUFFORCE, ALL_PROTOCOLS = 263, 1, 6, 33, 3
tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
tap.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
tap.bind((sys.argv[1], 0))
tap.setsockopt(SOL_PACKET, ADD_MEMBERSHIP, PROMISCUOUS)
tap.settimeout(0.2)
stop = []
signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
print("listening", file=sys.stderr, flush=True)
end, room = time.monotonic() + 600, 256 << 20
while not stop and time.monotonic() < end and room > 0:
    try:
        frame = tap.recv(1 << 17)
    except TimeoutError:
        continue
    room -= sys.stdout.buffer.write(frame)
print("missed", struct.unpack("II", tap.getsockopt(SOL_PACKET, STATISTICS, 8))[1], file=sys.stderr)
`;

/** What was on the wire while a tap was open. */
interface Heard {
  readonly frames: Buffer;
  /** Frames that came faster than they were read. */
  readonly missed: number;
}

/** Hears what a stack's containers say to each other, from the engine's machine. It takes root of that machine. */
export class WireTap {
  private readonly chunks: Buffer[] = [];
  private words = "";
  private readonly closed: Promise<unknown>;

  private constructor(private readonly process: ChildProcess) {
    this.closed = once(process, "close");
    process.stdout?.on("data", (chunk: Buffer) => this.chunks.push(chunk));
    process.stderr?.on("data", (chunk: Buffer) => (this.words += chunk.toString()));
  }

  static async open(stack: TestStack): Promise<WireTap> {
    const tap = new WireTap(spawn("python3", ["-c", listener, await bridgeOf(stack)]));
    while (!tap.words.includes("listening")) {
      if (tap.process.exitCode !== null) {
        throw new Error(`the wire cannot be heard:\n${tap.words}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return tap;
  }

  async close(): Promise<Heard> {
    this.process.kill("SIGTERM");
    await this.closed;
    return { frames: Buffer.concat(this.chunks), missed: Number(/missed (\d+)/.exec(this.words)?.[1]) };
  }
}

/** The machine's interface that all frames between a stack's containers cross. */
async function bridgeOf(stack: TestStack): Promise<string> {
  const [network] = JSON.parse(await stack.ask("network", "inspect", stack.nameOf("network"))) as {
    Id?: string;
    network_interface?: string;
  }[];
  return network?.network_interface ?? `br-${(network?.Id ?? "").slice(0, 12)}`;
}
