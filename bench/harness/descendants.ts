import { readdirSync, readFileSync } from "node:fs";

/** Kills all descendants of a process: commands of the bench lead their own process groups, which Ctrl-C does not reach. */
export function endDescendants(pid: number): void {
  const children = childrenByParent();
  const end = (parent: number): void => {
    for (const child of children.get(parent) ?? []) {
      kill(child); // before its children, so it cannot start others
      end(child);
    }
  };
  end(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has already ended.
  }
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(pid);
    if (parent !== undefined) {
      children.set(parent, [...(children.get(parent) ?? []), Number(pid)]);
    }
  }
  return children;
}

/** proc(5): the parent is the second word after the command, which is in parentheses and may contain parentheses. */
function parentOf(pid: string): number | undefined {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ")[1],
    );
  } catch {
    return undefined; // it has ended meanwhile
  }
}
