import { Ports } from "./clusterConfig";
import { nearestOf, Problem, shown } from "./problem";
import { Refusal, wholeNumber } from "./readers";

/** Who holds a port of the engine's machine, if anybody but this stack does. */
export type PortHolder = (port: number, bindAddress: string) => string | undefined;

/** The ports that are published unless `ports` says otherwise. */
export const defaultPorts: Ports = { jupyterlab: 8888, sparkUi: 8080, historyServer: 18080, sparkConnect: 15002 };

/**
 * Where Spark Connect's port is published, whatever `bindAddress` says: its clients send a token without TLS to `localhost` alone, so
 * that from another machine they come by a tunnel.
 */
export const loopback = "127.0.0.1";

const names = ["jupyterlab", "sparkUi", "historyServer", "sparkConnect"] as const satisfies (keyof Ports)[];
const readPort = wholeNumber(1, 65535);

/** Reads the key `ports`: the defaults, with those that are given in their place. */
export function readPorts(
  given: Readonly<Record<string, string>>,
  show: (text: string) => string,
): { readonly ports: Ports; readonly problems: readonly Problem[] } {
  const ports = { ...defaultPorts };
  const problems: Problem[] = [];
  for (const [name, text] of Object.entries(given)) {
    const port = readPort(text);
    if (!isName(name)) {
      problems.push(unknownPort(name));
    } else if (port instanceof Refusal) {
      problems.push({ key: `ports.${name}`, value: show(text), allowed: port.allowed, mend: setPort(name, defaultPorts[name]) });
    } else {
      ports[name] = port;
    }
  }
  const used = new Set<number>(Object.values(ports));
  for (const [index, name] of names.entries()) {
    const twin = names.slice(0, index).find((each) => ports[each] === ports[name]);
    if (twin !== undefined) {
      const free = nextPort(ports[name], (port) => !used.has(port));
      used.add(free);
      const allowed = `a port of its own: ports.${twin} has the same`;
      problems.push({ key: `ports.${name}`, value: String(ports[name]), allowed, mend: setPort(name, free) });
    }
  }
  return { ports, problems };
}

/** The ports that somebody else holds, each with one that is free; without those that this stack does not publish. */
export function takenPorts(
  ports: Ports,
  unpublished: readonly (keyof Ports)[],
  bindAddress: string,
  holder: PortHolder,
): Problem[] {
  const used = new Set<number>(Object.values(ports));
  return names.flatMap((name) => {
    const address = name === "sparkConnect" ? loopback : bindAddress;
    const held = unpublished.includes(name) ? undefined : holder(ports[name], address);
    if (held === undefined) {
      return [];
    }
    const free = nextPort(ports[name], (port) => !used.has(port) && holder(port, address) === undefined);
    used.add(free);
    const allowed = `a free port: this one is held by ${held}`;
    return [{ key: `ports.${name}`, value: String(ports[name]), allowed, mend: setPort(name, free) }];
  });
}

function isName(name: string): name is keyof Ports {
  return names.some((each) => each === name);
}

function unknownPort(name: string): Problem {
  const plain = /^\w{1,60}$/.test(name);
  return {
    key: `ports.${plain ? name : shown(name)}`,
    value: "no such key",
    allowed: `the nearest is ${nearestOf(name, names)}; pulumi config lists all`,
    mend: plain ? `pulumi config rm --path ports.${name}` : "pulumi config rm ports",
  };
}

/** The next port above that will do, from 1024 on again after the last. */
function nextPort(from: number, willDo: (port: number) => boolean): number {
  let port = from;
  do {
    port = port >= 65535 ? 1024 : port + 1;
  } while (!willDo(port) && port !== from);
  return port;
}

function setPort(name: keyof Ports, port: number): string {
  return `pulumi config set --path ports.${name} ${port}`;
}
