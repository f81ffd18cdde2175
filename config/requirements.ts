import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { tried } from "../engine/tried";
import { Problem, remove, shown } from "./problem";

/** Bytes of all requirements. A build gets them as a secret, and BuildKit takes secrets of 500 KiB. */
const largest = 500 * 1024;

/** Files that include each other, one below the other. */
const deepest = 10;

const key = "pythonRequirements";

/** A requirement that pip finds by its name, at a web address or in a git repository. Pip checks the versions, markers and hashes after it. */
const requirement = /^(?:git\+)?https?:|^[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\]\s*)?(?:@\s*(?:git\+)?https?:|[<>=!~(;]|--|$)/;
const archive = /\.(?:whl|zip|tar\.\w+|tgz)\s*(?:;|--|$)/;

/** Options of pip that name a file of this machine, which a build does not have. */
const localOption = /^(?:-e|--editable|-c|--constraint|(?:-f|--find-links)(?![\s=]*https?:))/;

/**
 * Reads a requirements file of pip, with the files that it includes by `-r`, as lines without comments.
 *
 * @returns an empty text and the problems, if there are any.
 */
export function readRequirements(path: string, isSecret: boolean): { readonly text: string; readonly problems: Problem[] } {
  if (path === "") {
    return { text: "", problems: [] };
  }
  const problems: Problem[] = [];
  const refuse = (value: string, allowed: string): string[] => {
    problems.push({ key, value: isSecret ? "(secret)" : shown(value), allowed, fix: [remove(key)] });
    return [];
  };
  const text = linesOf(path, refuse)
    .map((line) => `${line}\n`)
    .join("");
  if (problems.length === 0 && text === "") {
    refuse(path, "a file with at least one requirement, as pip install -r takes it");
  }
  if (Buffer.byteLength(text) > largest) {
    refuse(path, `requirements of at most ${largest / 1024} KiB without comments`);
  }
  return problems.length > 0 ? { text: "", problems } : { text, problems };
}

type Refuse = (value: string, allowed: string) => string[];

/** The requirements of a file, and of those that it includes. */
function linesOf(path: string, refuse: Refuse, depth = 0): string[] {
  const content = contentOf(path);
  if (content === undefined || depth > deepest) {
    return refuse(path, "the path of a requirements file that can be read, relative to the project");
  }
  return logicalLines(content).flatMap(({ line: written, number }) => {
    const variables = Array.from(written.matchAll(variable), ([, name = ""]) => name);
    const unset = variables.filter((name) => process.env[name] === undefined);
    if (unset.length > 0) {
      return refuse(
        withoutPassword(written),
        `line ${number} of ${shown(path)}: it needs the variable ${unset.join(", ")} of this shell`,
      );
    }
    const line = written.replace(variable, (_, name: string) => process.env[name] ?? "");
    const included = /^(?:-r|--requirement)[\s=]*(\S.*)$/.exec(line)?.[1];
    if (included !== undefined && !/^\w+:\/\//.test(included)) {
      return linesOf(resolve(dirname(path), included), refuse, depth + 1);
    }
    const isTaken = line.startsWith("-") ? !localOption.test(line) && included === undefined : requirement.test(line);
    return isTaken && !archive.test(line.replace(/(@\s*|^)(git\+)?https?:.*/, ""))
      ? [line]
      : refuse(
          withoutPassword(written),
          `line ${number} of ${shown(path)}: a build takes packages of an index, of web addresses and of git+https, and -r with another ` +
            "file, but no folders, editable packages, constraints or packages of this machine",
        );
  });
}

/** A variable of the environment in a requirement, as pip writes it. */
const variable = /\$\{([A-Z0-9_]+)\}/g;

/** A line, or lines, with asterisks for what logs in to an address. */
export function withoutPassword(line: string): string {
  return line.replace(/\/\/[^/@\s]+@/g, "//***@");
}

/** @returns undefined if it is no file, too large, or cannot be read. */
function contentOf(path: string): string | undefined {
  return tried(() => {
    const found = statSync(path);
    // With comments it may be larger than what a build takes.
    return found.isFile() && found.size <= 10 * largest ? readFileSync(path, "utf8") : undefined;
  });
}

/** Lines as pip counts them: a backslash at the end continues a line, and `#` after a space begins a comment. */
function logicalLines(content: string): { readonly line: string; readonly number: number }[] {
  const lines: { line: string; number: number }[] = [];
  let continues = false;
  content
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .forEach((raw, index) => {
      const text = raw.replace(/(^|\s+)#.*$/, "").trim();
      const last = continues ? lines.at(-1) : undefined;
      const part = text.replace(/\s*\\$/, "");
      if (last !== undefined) {
        last.line = `${last.line} ${part}`.trim();
      } else {
        lines.push({ line: part, number: index + 1 });
      }
      continues = text.endsWith("\\");
    });
  return lines.filter(({ line }) => line !== "");
}
