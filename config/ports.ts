import { Page } from "../roles/role";
import { loopback } from "../engine/addresses";
import { Ports } from "./clusterConfig";
import { Problem, set } from "./problem";
import { schema, Values } from "./schema";

/** The holder of a port of the engine's machine, in words; undefined if the port is free or held by this stack. */
export type PortHolder = (port: number, bindAddress: string) => string | undefined;

const names = Object.keys(schema.ports.fields) as (keyof Ports)[];

/** The key `ports` with its defaults. */
export function readPorts(given: Values["ports"]): Ports {
  return Object.fromEntries(names.map((name) => [name, given[name] ?? Number(schema.ports.fields[name].default)])) as Ports;
}

/**
 * The problems of published ports: another page has the same, or another container or process holds it. Each suggests a free port.
 *
 * @param bindAddress If undefined, nobody is asked who holds a port.
 */
export function portProblems(
  ports: Ports,
  pages: readonly Page[],
  bindAddress: string | undefined,
  holder: PortHolder,
): Problem[] {
  const used = new Set<number>(Object.values(ports));
  return pages.flatMap(({ key, exposes }, index) => {
    const port = ports[key];
    const heldBy = (each: number) => bindAddress && holder(each, exposes === undefined ? loopback : bindAddress);
    const twin = pages.slice(0, index).find((other) => ports[other.key] === port);
    const held = heldBy(port);
    if (twin === undefined && held === undefined) {
      return [];
    }
    const free = nextPort(port, (each) => !used.has(each) && heldBy(each) === undefined);
    used.add(free);
    const allowed = twin ? `a port of its own: ports.${twin.key} has the same` : `a free port: this one is held by ${held ?? ""}`;
    return [{ key: `ports.${key}`, value: String(port), allowed, fix: [set(`ports.${key}`, String(free))] }];
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
