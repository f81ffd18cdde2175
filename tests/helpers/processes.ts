import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine, as root sees it; those in containers are among them. */
export interface Process {
  readonly command: readonly string[];
  readonly environment: readonly string[];
}

/** All processes that run now. */
export function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ command: words(`/proc/${pid}/cmdline`), environment: words(`/proc/${pid}/environ`) }));
}

function words(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\0").filter(Boolean);
  } catch {
    return []; // it has ended meanwhile
  }
}

/** Notes, until it is closed, all that stands in the process list: words of commands, and variables of environments. */
export class ProcessWatch {
  private readonly seen = new Set<string>();
  private readonly timer = setInterval(() => {
    this.look();
  }, 200);

  private look(): void {
    for (const { command, environment } of processes()) {
      [...command, ...environment].forEach((word) => this.seen.add(word));
    }
  }

  close(): readonly string[] {
    clearInterval(this.timer);
    this.look();
    return [...this.seen];
  }
}
