import { createServer, Server, Socket } from "node:net";

import { whileAnswered } from "../../../engine/silentRegistry";

const open: (Server | Socket)[] = [];

/** The address of a server that does this with each connection. */
async function serverThat(act: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    open.push(socket);
    socket.on("error", () => undefined);
    act(socket);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `127.0.0.1:${typeof address === "object" && address !== null ? address.port : "?"}`;
}

afterEach(() => {
  open.splice(0).forEach((each) => ("close" in each ? each.close() : each.destroy()));
});

/** A run that ends with its signal, or else with "done" after a time. */
const runFor = (milliseconds: number) => (signal: AbortSignal) =>
  new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve("done");
    }, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Error("aborted"));
    });
  });

const here = () => true;

test("a run is ended when its registry accepts connections and does not answer", async () => {
  const silent = await serverThat(() => undefined);
  await expect(whileAnswered(silent, runFor(60_000), here, 50)).rejects.toThrow(
    "It accepts connections, and did not answer, twice within 0.05 s.",
  );
});

test.each([
  ["answers, in whatever words", () => serverThat((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))],
  ["closes its connections", () => serverThat((socket) => socket.destroy())],
  ["is not there", () => Promise.resolve("127.0.0.1:1")],
])("a run goes on whose registry %s", async (_, server) => {
  expect(await whileAnswered(await server(), runFor(500), here, 50)).toBe("done");
});

test("the error of a run is passed on", async () => {
  await expect(whileAnswered("127.0.0.1:1", () => Promise.reject(new Error("denied")), here)).rejects.toThrow("denied");
});

test("a run on another machine goes on, because its registry may answer there", async () => {
  const elsewhere = jest.fn(() => false);
  expect(await whileAnswered(await serverThat(() => undefined), runFor(500), elsewhere, 50)).toBe("done");
  expect(elsewhere).toHaveBeenCalled();
});
