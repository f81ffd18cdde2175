import { pause, startClock, until } from "../harness/clock";
import { wordsOf } from "../harness/scratch";
import { Arena } from "./arena";
import { MasterPage, MasterState } from "./masterPage";

/** The figures with this number of workers; those after a failure are missing. */
export interface Stage {
  readonly masterMemory: string;
  readonly workers: number;
  figures: Partial<Record<Figure, number>>;
  failure?: string;
}

/** The figures in the order of the table, each with its heading. */
export const heads = {
  joined: "All known, s",
  residentMb: "Master, MB",
  heapMb: "Heap in use, MB",
  cpuPerMinute: "Processor at rest, s a minute",
  json: "`/json/`, s",
  page: "Page, s",
  asked: "Executors asked for, s",
  running: "All run, s",
  busyMb: "Master with them, MB",
  busyHeapMb: "Heap with them, MB",
  back: "Known again after a kill, s",
  lost: "Executors lost by it",
  freed: "Given back, s",
} as const;
export type Figure = keyof typeof heads;

/** Timeout of each wait in seconds. */
const patience = 180;

/** Seconds of rest for the master: two heartbeats of each worker. */
const rest = 30;

/** Adds workers to the arena and measures the master; never throws. */
export async function runStage(arena: Arena, stage: Stage, before: number, deadline: () => number): Promise<void> {
  try {
    await new StageRun(arena, stage, deadline).run(before);
  } catch (error) {
    const [state, errors] = [await arena.masterIs().catch(() => undefined), await arena.masterErrors().catch(() => [])];
    stage.failure = [wordsOf(error), `the master is ${state?.words ?? "away"}`, ...errors].join("; ");
  }
}

class StageRun {
  private readonly page: MasterPage;

  constructor(
    private readonly arena: Arena,
    private readonly stage: Stage,
    private readonly deadline: () => number,
  ) {
    this.page = new MasterPage(arena.port);
  }

  async run(before: number): Promise<void> {
    await this.join(before);
    await this.atRest();
    await this.submit();
    await this.recover();
    await this.release();
  }

  private async join(before: number): Promise<void> {
    const { workers } = this.stage;
    const clock = startClock();
    await this.arena.addWorkers(workers - before);
    await this.waitFor(`${workers} workers are ALIVE`, (state) => state.aliveworkers === workers);
    this.stage.figures.joined = clock();
  }

  private async atRest(): Promise<void> {
    const { figures, workers } = this.stage;
    await pause(5); // until the last workers are idle, too
    const [begin, clock] = [await this.arena.masterTakes("now"), startClock()];
    await pause(rest);
    const end = await this.arena.masterTakes("now");
    figures.cpuPerMinute = ((end.cpuSeconds - begin.cpuSeconds) / clock()) * 60;
    figures.residentMb = end.residentMb;
    figures.json = (await this.page.takes("/json/")).seconds;
    figures.page = (await this.page.takes("/")).seconds;
    figures.heapMb = (await this.arena.masterTakes("collect")).heapMb ?? NaN;
    const state = await this.page.state();
    const silent = workers - (state?.aliveworkers ?? 0);
    if (silent !== 0) {
      throw new Error(`${silent} of ${workers} workers were lost at rest`);
    }
  }

  private async submit(): Promise<void> {
    const { figures, workers } = this.stage;
    await this.arena.startDriver("application.py", String(workers));
    await this.within("the application is registered", async () => {
      await this.arena.driverSays(); // throws if the driver has failed
      return (await this.page.state())?.activeapps[0] !== undefined;
    });
    const state = await this.waitFor(
      "executors are asked for on all workers",
      ({ activeapps: [application] }) => application?.cores === workers,
      0.1,
    );
    const [application] = state.activeapps;
    const since = () => (Date.now() - (application?.starttime ?? NaN)) / 1000; // one machine, one clock
    figures.asked = since();
    await this.within("all executors run", async () => {
      if ((await this.page.state())?.activeapps.length === 0) {
        throw new Error("the master gave the application up");
      }
      return (await this.page.executorsRunning(application?.id ?? "")) === workers;
    });
    figures.running = since();
    const taken = await this.arena.masterTakes("collect");
    figures.busyMb = taken.residentMb;
    figures.busyHeapMb = taken.heapMb ?? NaN;
  }

  private async recover(): Promise<void> {
    const { figures, workers } = this.stage;
    const begun = await this.arena.executorsBegun();
    const clock = startClock();
    await this.arena.restartMaster();
    await this.waitFor(
      "the master knows all workers and executors again",
      ({ status, aliveworkers, activeapps: [application] }) =>
        status === "ALIVE" && aliveworkers === workers && application?.cores === workers,
    );
    figures.back = clock();
    await pause(5); // until executors that replace lost ones have started
    figures.lost = (await this.arena.executorsBegun()) - begun;
  }

  private async release(): Promise<void> {
    const clock = startClock();
    await this.arena.removeDriver();
    await this.waitFor("all executors are given back", ({ coresused }) => coresused === 0);
    this.stage.figures.freed = clock();
  }

  private async waitFor(what: string, holds: (state: MasterState) => boolean, between = 0.5): Promise<MasterState> {
    let last: MasterState | undefined;
    await this.within(
      what,
      async () => {
        last = await this.page.state();
        if (last === undefined && !(await this.arena.masterIs()).running) {
          throw new Error(`waited until ${what}`);
        }
        return last !== undefined && holds(last);
      },
      between,
    );
    if (last === undefined) {
      throw new Error(what);
    }
    return last;
  }

  private async within(what: string, holds: () => Promise<boolean>, between = 0.5): Promise<void> {
    const left = this.deadline();
    await until(left < patience ? `${what}, when the time was over` : what, Math.min(patience, left), holds, { pause: between });
  }
}
