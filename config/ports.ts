import { allInterfaces, doClash, isAmong, isLoopback, loopback } from "../engine/addresses";
import { PublishedPort } from "../engine/facts";
import { allRoles } from "../roles";
import { Page } from "../roles/role";
import { Ports } from "./clusterConfig";
import { nearestOf, Problem, set } from "./problem";
import { schema, Values } from "./schema";

/** The holder of a port of the engine's machine, in words; undefined if the port is free or held by this stack. */
export type PortHolder = (port: number, bindAddress: string) => string | undefined;

const names = Object.keys(schema.ports.fields) as (keyof Ports)[];

/** The key `ports` with its defaults. */
export function readPorts(given: Values["ports"]): Ports {
  return Object.fromEntries(names.map((name) => [name, given[name] ?? Number(schema.ports.fields[name].default)])) as Ports;
}

/** The problem of an address that the engine's machine does not have; `addresses` are those that it has, if known. */
export function addressProblems(
  value: string,
  addresses: readonly string[] | undefined,
  show: (text: string) => string,
): Problem[] {
  if (addresses === undefined || isAmong(addresses, value)) {
    return [];
  }
  const others = addresses.filter((address) => !isLoopback(address));
  const allowed =
    `an address that the engine's machine has: ${[...others, allInterfaces].join(", ")} for all, ` +
    `or ${loopback} to keep ports closed to others`;
  return [
    { key: "bindAddress", value: show(value), allowed, fix: [set("bindAddress", nearestOf(value, [...others, loopback]))] },
  ];
}

/** What is known about the ports of the engine's machine. */
export interface PortsInUse {
  /** If undefined, nobody is asked who holds a port. */
  readonly bindAddress: string | undefined;
  readonly portHolder: PortHolder;
  /** The ports that the stack's running containers publish. */
  readonly ownPorts?: readonly PublishedPort[] | undefined;
  /** The command that applies the configuration. */
  readonly apply: string;
}

/**
 * The problems of published ports: another page has the same, or another container or process holds it. Each suggests a free port.
 */
export function portProblems(ports: Ports, pages: readonly Page[], inUse: PortsInUse): Problem[] {
  const { bindAddress, portHolder, ownPorts = [] } = inUse;
  const used = new Set([...Object.values(ports), ...ownPorts.map(({ port }) => port)]);
  const heldBy = (page: Page, port: number) => bindAddress && portHolder(port, addressOf(page, bindAddress));
  const freePort = (page: Page) => {
    const free = nextPort(ports[page.key], (each) => !used.has(each) && heldBy(page, each) === undefined);
    used.add(free);
    return free;
  };
  const problems = pages.flatMap((page, index) => {
    const { key } = page;
    const port = ports[key];
    const twin = pages.slice(0, index).find((other) => ports[other.key] === port);
    const held = heldBy(page, port);
    if (twin === undefined && held === undefined) {
      return [];
    }
    const allowed = twin ? `a port of its own: ports.${twin.key} has the same` : `a free port: this one is held by ${held ?? ""}`;
    return [{ key: `ports.${key}`, value: String(port), allowed, fix: [set(`ports.${key}`, String(freePort(page)))] }];
  });
  return [...problems, ...lateProblems(ports, pages, inUse, freePort)];
}

/** The address of the engine's machine that a page is published on. */
function addressOf({ exposes }: Page, bindAddress: string): string {
  return exposes === undefined ? loopback : bindAddress;
}

/**
 * The problem of ports that other containers of this stack hold until the middle or the end of an `up`: Pulumi deletes the container
 * of a role that was switched off last, and replaces two containers at the same time. In a first `up`, their new owners have ports
 * that nobody wants: their present ones, or free ones.
 */
function lateProblems(
  ports: Ports,
  pages: readonly Page[],
  { bindAddress, ownPorts = [], apply }: PortsInUse,
  freePort: (page: Page) => number,
): Problem[] {
  const isWantedBy = (port: number) => pages.filter(({ key }) => ports[key] === port).length;
  // The gateway of a swarm has no page: it publishes all ports, and is deleted before its replacement starts.
  const published = ownPorts.flatMap((each) => {
    const page = allRoles.find(({ name }) => name === each.role)?.page;
    return page === undefined ? [] : [{ ...each, key: page.key }];
  });
  const late = pages.flatMap((page) => {
    const { key } = page;
    const port = ports[key];
    const holder = published.find(
      (each) => each.port === port && each.key !== key && bindAddress && doClash(each.address, addressOf(page, bindAddress)),
    );
    if (holder === undefined || isWantedBy(port) > 1) {
      return [];
    }
    const present = published.find((each) => each.key === key)?.port;
    const first = present === undefined || isWantedBy(present) > 0 ? freePort(page) : present;
    return [{ key: `ports.${key}`, port, holder: holder.container, first }];
  });
  if (late.length === 0) {
    return [];
  }
  const both = (what: (each: (typeof late)[number]) => string) => late.map(what).join(", ");
  return [
    {
      key: both(({ key }) => key),
      value: both(({ port }) => String(port)),
      allowed:
        `what no other container of this cluster holds: ${both(({ port, holder }) => `${holder} holds ${port}`)}, ` +
        "and one up may not release a port before it needs it. In two steps",
      fix: [
        ...late.map(({ key, first }) => set(key, String(first))),
        { command: apply },
        ...late.map(({ key, port }) => set(key, String(port))),
        { command: apply },
      ],
    },
  ];
}

/** The next higher port that `willDo` accepts; the search continues at 1024 after 65535. */
function nextPort(from: number, willDo: (port: number) => boolean): number {
  let port = from;
  do {
    port = port >= 65535 ? 1024 : port + 1;
  } while (!willDo(port) && port !== from);
  return port;
}
