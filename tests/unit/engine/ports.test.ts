import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net, { AddressInfo } from "node:net";
import os from "node:os";

import { EngineFacts, PublishedPort } from "../../../engine/facts";
import { ownAddresses, portHolder } from "../../../engine/ports";

const here = "unix:///var/run/docker.sock";
const facts = (...publishedPorts: Omit<PublishedPort, "address" | "role">[]) => ({
  users: "same" as EngineFacts["users"],
  publishedPorts: publishedPorts.map((each) => ({ ...each, address: "127.0.0.1", role: "master" })),
});

const addresses = ["127.0.0.1", "127.0.0.2", "0.0.0.0", "::", "::1", "::ffff:127.0.0.1"];
const listenOnAll = `
  const servers = process.argv.slice(1).map((address) => require("net").createServer().listen(0, address));
  setTimeout(() => console.log(JSON.stringify(servers.map((server) => server.address().port))), 200);
`;
let child: ChildProcess;
let ports: number[];

/** The port that another process holds at an address. */
const portAt = (address: string) => ports[addresses.indexOf(address)] ?? 0;

beforeAll(async () => {
  const started = spawn(process.execPath, ["-e", listenOnAll, ...addresses], { stdio: ["ignore", "pipe", "inherit"] });
  child = started;
  const [printed] = (await once(started.stdout, "data")) as [Buffer];
  ports = JSON.parse(printed.toString()) as number[];
});

afterAll(async () => {
  child.kill();
  await once(child, "exit");
});

/** Listens in this process while something is done. */
async function whileListening(task: (port: number) => void): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    task(port);
  } finally {
    server.close();
    await once(server, "close");
  }
  return port;
}

test("a container that publishes the port is named, with its stack", () => {
  const published = facts({ port: 1, container: "web", stack: undefined }, { port: 2, container: "master", stack: "other" });
  const holder = portHolder(published, "dev", here);
  expect(holder(1, "127.0.0.1")).toBe("container web");
  expect(holder(2, "127.0.0.1")).toBe("container master of stack other");
});

test("the stack's own container holds nothing against it, nor does the engine that listens for it", () => {
  const port = portAt("127.0.0.1");
  expect(portHolder(facts({ port, container: "master", stack: "dev" }), "dev", here)(port, "127.0.0.1")).toBeUndefined();
});

test.each([
  ["127.0.0.1", "127.0.0.1"],
  ["127.0.0.1", "0.0.0.0"],
  ["127.0.0.1", "::"],
  ["0.0.0.0", "127.0.0.1"],
  ["127.0.0.2", "127.0.0.2"],
  ["::", "127.0.0.1"],
  ["::1", "::"],
  ["::1", "::1"],
  ["::ffff:127.0.0.1", "127.0.0.1"],
])("a process that listens on %s is named to one who wants %s", (listening, wanted) => {
  const holder = portHolder(facts(), "dev", here)(portAt(listening), wanted);
  expect(holder).toMatch(new RegExp(`^process ${String(child.pid)} \\(.+\\)$`));
});

test("a process that closes one of its files while it is looked at is named all the same", async () => {
  // This process does: the folder that it looks for its files in is one of them.
  await whileListening((port) => {
    expect(portHolder(facts(), "dev", here)(port, "127.0.0.1")).toContain(`process ${String(process.pid)} `);
  });
});

test("what listens on another address, has been given back, or listens on this machine and not the engine's, is in nobody's way", async () => {
  const given = await whileListening(() => undefined);
  const holder = portHolder(facts(), "dev", here);
  // Another test may listen on the same port by chance.
  const named = String([holder(portAt("127.0.0.2"), "127.0.0.1"), holder(given, "127.0.0.1")]);
  expect(named).not.toMatch(new RegExp(`process (${String(child.pid)}|${String(process.pid)}) `));
});

test.each([
  ["unix:///socket", "same", true],
  ["unix:///socket", "rootless", true],
  ["unix:///desktop.sock", "virtual", true], // Docker Desktop publishes on this machine
  ["unix:///forwarded.sock", "elsewhere", false],
  ["tcp://server:2376", "elsewhere", false],
  ["ssh://server", "elsewhere", false],
  ["ssh://mac", "virtual", false],
] as const)("a process of this machine is in the way of the engine at %s whose users are %s: %s", (host, users, isHeld) => {
  const holder = portHolder({ ...facts(), users }, "dev", host);
  expect(holder(portAt("127.0.0.1"), "127.0.0.1") !== undefined).toBe(isHeld);
});

test("a process whose files may not be seen is another user's", () => {
  jest.spyOn(fs, "readlinkSync").mockImplementation(() => {
    throw new Error("EACCES");
  });
  expect(portHolder(facts(), "dev", here)(portAt("127.0.0.1"), "127.0.0.1")).toBe("a process of another user");
});

test("where there is no /proc, or a line of it is cut short, nothing can be seen", () => {
  const read = jest.spyOn(fs, "readFileSync");
  read.mockReturnValue("  sl  local_address\n   0:\n   1: 0100007F\n");
  const holder = portHolder(facts(), "dev", here);
  expect(holder(portAt("127.0.0.1"), "127.0.0.1")).toBeUndefined();
  read.mockImplementation(() => {
    throw new Error("ENOENT");
  });
  expect(holder(portAt("127.0.0.1"), "127.0.0.1")).toBeUndefined();
});

describe("the addresses of the engine's machine", () => {
  beforeEach(() => {
    const of = (...addresses: string[]) => addresses.map((address) => ({ address, scopeid: address.startsWith("fe80") ? 2 : 0 }));
    const found = { lo: of("127.0.0.1", "::1"), eth0: of("10.0.0.2", "fe80::2", "2001:db8::2"), gone: undefined };
    jest.spyOn(os, "networkInterfaces").mockReturnValue(found as never);
  });

  test.each([
    [here, "same", true],
    [here, "rootless", true],
    [here, "remapped", true],
    [here, "virtual", false],
    [here, "elsewhere", false],
    ["ssh://server", "same", false],
  ] as const)("are those of this machine without zones, for the engine at %s whose users are %s: %s", (host, users, isKnown) => {
    const all = ["127.0.0.1", "::1", "10.0.0.2", "2001:db8::2"];
    expect(ownAddresses({ users }, host)).toEqual(isKnown ? all : undefined);
  });

  test.each(["ipv4", "ipv6"])("may be any if the kernel allows any: %s", (family) => {
    jest
      .spyOn(fs, "readFileSync")
      .mockImplementation((path) => (String(path).includes(`${family}/ip_nonlocal_bind`) ? "1\n" : "0\n"));
    expect(ownAddresses({ users: "same" }, here)).toBeUndefined();
  });
});
