import { join } from "node:path";

import { ok } from "../../testbed/run";
import { Sample } from "../harness/measurement";
import { inside, Place } from "../sides/place";
import { benchPath, queries, tables, tool } from "./tables";

/** The output of run_queries.py. */
export interface Report {
  readonly registering: number;
  /** For each query, the seconds of each round. */
  readonly seconds: Readonly<Record<string, readonly number[]>>;
  /** For each query, rows and a hash of its answer. */
  readonly answers: Readonly<Record<string, string>>;
  /** The number of executors that ended before the session. */
  readonly lost: number;
}

/** Runs all queries for a number of rounds in a fresh session. */
export async function runQueries(place: Place, rounds: number, seconds: number, scale = 1): Promise<Report> {
  const command = ["python3", `${benchPath}/queries/run_queries.py`, `${benchPath}/tables-${scale}`, String(rounds)];
  return reportOf(await inside(place, command, { seconds }));
}

/** Runs all queries once in DuckDB, in one process of this machine with two threads. */
export async function runDuckDb(scale: number): Promise<Report> {
  const command = [join(queries, "run_duckdb.py"), await tables(scale)];
  return reportOf(await ok(await tool("python"), command, { timeout: 1200 }));
}

function reportOf(output: string): Report {
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Report;
}

/** Seconds of all queries in later rounds, the best time of each; as another figure, those of the first round. */
export function warmSample(report: Report): Sample {
  const again = Object.values(report.seconds).map((rounds) => Math.min(...rounds.slice(1)));
  return { value: sumOf(again), beside: { "s of the first round": firstRound(report) }, raw: report };
}

/** Seconds of all queries in a fresh session, with tables registered. */
export function firstSample(report: Report): Sample {
  return { value: report.registering + firstRound(report), raw: report };
}

function firstRound({ seconds }: Report): number {
  return sumOf(Object.values(seconds).map(([first = NaN]) => first));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

/** Checks that all answers of a measurement equal the first ones. */
export class Answers {
  private first: Report["answers"] | undefined;

  /** @throws an Error that names the queries whose answers differ. */
  compare(report: Report): Report {
    const expected = (this.first ??= report.answers);
    const others = Object.keys({ ...expected, ...report.answers }).filter((name) => expected[name] !== report.answers[name]);
    if (others.length > 0) {
      const words = others.map((name) => `${name} ${report.answers[name] ?? "nothing"}, not ${expected[name] ?? "nothing"}`);
      throw new Error(`the sides answer differently: ${words.join("; ")}`);
    }
    return report;
  }
}
