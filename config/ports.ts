import { Page } from "../roles/role";
import { loopback } from "../engine/addresses";
import { Ports } from "./clusterConfig";
import { Fix, Problem, set } from "./problem";
import { schema, Values } from "./schema";

/** The holder of a port of the engine's machine, in words; undefined if the port is free or held by this stack. */
export type PortHolder = (port: number, bindAddress: string) => string | undefined;

const names = Object.keys(schema.ports.fields) as (keyof Ports)[];

/** The key `ports` with its defaults. A port that is used twice is a problem. */
export function readPorts(given: Values["ports"]): { readonly ports: Ports; readonly problems: readonly Problem[] } {
  const ports = Object.fromEntries(
    names.map((name) => [name, given[name] ?? Number(schema.ports.fields[name].default)]),
  ) as Record<keyof Ports, number>;
  const problems: Problem[] = [];
  const used = new Set<number>(Object.values(ports));
  for (const [index, name] of names.entries()) {
    const twin = names.slice(0, index).find((each) => ports[each] === ports[name]);
    if (twin !== undefined) {
      const free = nextPort(ports[name], (port) => !used.has(port));
      used.add(free);
      const allowed = `a port of its own: ports.${twin} has the same`;
      problems.push({ key: `ports.${name}`, value: String(ports[name]), allowed, fix: setPort(name, free) });
    }
  }
  return { ports, problems };
}

/** The problems of published ports that another container or process holds. Each suggests a free port. */
export function takenPorts(ports: Ports, pages: readonly Page[], bindAddress: string, holder: PortHolder): Problem[] {
  const used = new Set<number>(Object.values(ports));
  return pages.flatMap(({ key: name, exposes }) => {
    const address = exposes === undefined ? loopback : bindAddress;
    const held = holder(ports[name], address);
    if (held === undefined) {
      return [];
    }
    const free = nextPort(ports[name], (port) => !used.has(port) && holder(port, address) === undefined);
    used.add(free);
    const allowed = `a free port: this one is held by ${held}`;
    return [{ key: `ports.${name}`, value: String(ports[name]), allowed, fix: setPort(name, free) }];
  });
}

/** The next higher port that `willDo` accepts; the search continues at 1024 after 65535. */
function nextPort(from: number, willDo: (port: number) => boolean): number {
  let port = from;
  do {
    port = port >= 65535 ? 1024 : port + 1;
  } while (!willDo(port) && port !== from);
  return port;
}

function setPort(name: keyof Ports, port: number): Fix {
  return [set(`ports.${name}`, String(port))];
}
