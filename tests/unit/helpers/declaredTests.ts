import { readdirSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";

const tests = join(__dirname, "../..");

/** A test that a file of core/ or extended/ declares. */
export interface DeclaredTest {
  /** The command that runs it. */
  readonly tier: "test" | "test-all";
  readonly target: "Docker" | "Podman" | "Swarm";
  /** Its describes and its own name, without the outermost describe, which names the cluster. */
  readonly name: string;
}

/** The tests of all clusters, by their names, without running any: the files are loaded with other functions for Jest's own. */
export function declaredTests(): DeclaredTest[] {
  return (["core", "extended"] as const).flatMap((folder) =>
    readdirSync(join(tests, folder))
      .filter((file) => file.endsWith(".test.ts"))
      .flatMap((file) => {
        const tier = folder === "core" ? "test" : "test-all";
        return namesIn(join(tests, folder, file)).map(([cluster = "", ...name]): DeclaredTest => {
          const target = /podman/i.test(cluster) ? "Podman" : /swarm/i.test(cluster) ? "Swarm" : "Docker";
          return { tier, target, name: name.join(" › ") };
        });
      }),
  );
}

/** The describes and the own name of each test that a file declares. */
function namesIn(file: string): string[][] {
  const names: string[][] = [];
  const path: string[] = [];
  const describe = (name: string, body: () => void) => {
    path.push(name);
    body();
    path.pop();
  };
  const test = (name: string) => {
    names.push([...path, name]);
  };
  test.each = (rows: readonly unknown[]) => (name: string) => {
    rows.forEach((row) => {
      test(format(name, ...[row].flat()));
    });
  };
  const hook = () => undefined;
  const own = { describe: globalThis.describe, test: globalThis.test, beforeAll, afterAll, beforeEach, afterEach };
  Object.assign(globalThis, { describe, test, beforeAll: hook, afterAll: hook, beforeEach: hook, afterEach: hook });
  try {
    jest.isolateModules(() => {
      jest.requireActual(file);
    });
  } finally {
    Object.assign(globalThis, own);
  }
  return names;
}
