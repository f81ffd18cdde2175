import childProcess from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { EngineKind, engineKinds } from "../../../engine/engine";
import { namingWords } from "./engine";
import { temporaryFolder, write } from "./folders";

/** What a client of the test's own was asked. */
export interface ClientCalls {
  /** Program and arguments of every call so far. */
  readonly all: () => readonly (readonly string[])[];
  /** As {@link all}, without the program and the words that name the engine. */
  readonly commands: () => readonly (readonly string[])[];
  /** Where the client is, and what it writes by `> file`. */
  readonly folder: string;
}

/**
 * Puts a shell script in the place of the engines' clients until the test is over: it is run as the program runs them, with
 * the test's folder in $here, and the command's words after the engine's own as $command.
 */
export function fakeClient(script = ""): ClientCalls {
  const folder = temporaryFolder();
  for (const kind of engineKinds) {
    const note = `{ printf '%s\\037' ${kind} "$@"; echo; } >> "$here/calls"\nshift ${namingWords[kind].length + 1}\ncommand="$*"`;
    write(join(folder, kind), `#!/bin/sh\nhere='${folder}'\n${note}\n${script}\n`, 0o755);
  }
  lookForClientsIn([folder, process.env.PATH].join(delimiter));
  const all = () => {
    const calls = join(folder, "calls");
    const lines = existsSync(calls) ? readFileSync(calls, "utf8").split("\n").slice(0, -1) : [];
    return lines.map((line) => line.split("\u001f").slice(0, -1));
  };
  const commands = () => all().map(([program, ...args]) => args.slice(namingWords[program as EngineKind].length + 1));
  return { all, commands, folder };
}

/** A client, or a part of it, that fails with these words. */
export function refusing(words: string): string {
  return `{ printf '%s\\n' '${words}' >&2; exit 1; }`;
}

/** The client of an engine that has no images, and does everything else. */
export const withoutImages = `[ "$1" != image ] || ${refusing("Error: No such image")}`;

/** What each client says where no engine answers; Podman's calls its socket missing, which is no word on what was asked for. */
export const noAnswer: Readonly<Record<EngineKind, string>> = {
  docker: "Cannot connect to the Docker daemon at unix:///socket. Is the docker daemon running?",
  podman: "Error: unable to connect to Podman socket: dial unix /socket: connect: no such file or directory",
};

/** No client is installed. */
export function noClient(): void {
  lookForClientsIn(temporaryFolder());
}

/** jest gives the tests a process.env of their own, which no child sees by itself. */
function lookForClientsIn(path: string): void {
  for (const method of ["execFile", "execFileSync", "spawnSync"] as const) {
    const real = childProcess[method] as (...all: unknown[]) => unknown;
    const moved = (program: string, args: readonly string[], options: object, ...rest: unknown[]) =>
      real(program, args, { ...options, env: { ...process.env, PATH: path } }, ...rest);
    jest.spyOn(childProcess, method).mockImplementation(moved as never);
  }
}
