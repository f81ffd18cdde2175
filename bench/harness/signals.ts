import { endDescendants } from "./descendants";
import { Scratch } from "./scratch";

/** On a signal: kills running processes, cleans up, and ends this process. */
export function cleanUpOnSignals(scratch: Scratch, say: (line: string) => void): { readonly signalled: () => boolean } {
  let signalled = false;
  const end = async (signal: string, code: number) => {
    say(`${signal}: taking away what was made ...`);
    endDescendants(process.pid);
    (await scratch.clear()).forEach(say);
    endDescendants(process.pid);
    process.exit(code);
  };
  for (const [signal, code] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
    process.on(signal, () => {
      if (!signalled) {
        signalled = true;
        void end(signal, code);
      }
    });
  }
  return { signalled: () => signalled };
}
