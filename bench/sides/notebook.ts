import { readFileSync } from "node:fs";
import { join } from "node:path";

import { inside, Place } from "./place";

const script = readFileSync(join(__dirname, "notebook.py"), "utf8");

/** The output of notebook.py. */
export interface Ran {
  /** Seconds until the kernel was ready. */
  readonly kernel: number;
  readonly cells: readonly { readonly seconds: number; readonly printed: string }[];
}

/** Runs cells in a fresh kernel, which is ended after them. */
export async function runCells(place: Place, cells: readonly string[]): Promise<Ran> {
  const output = await inside(place, [place.labPython, "-", ...cells], { input: script });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Ran;
}

/** The first lines of a new notebook. */
export const session = "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()";

const count = 1_000_000;

/** A first job: a shuffle with a known sum. */
const firstJob = `
rows = spark.range(${count}).selectExpr("id % 10 AS key", "id").groupBy("key").sum("id").collect()
print(sum(row[1] for row in rows))`;

/** Runs a first job in a fresh notebook. @throws if its answer is wrong. */
export async function runFirstJob(place: Place): Promise<Ran> {
  const ran = await runCells(place, [session, firstJob]);
  const answer = ran.cells.at(-1)?.printed.trim().split("\n").at(-1);
  if (answer !== String((count * (count - 1)) / 2)) {
    throw new Error(`the first job answered ${answer ?? "nothing"}`);
  }
  return ran;
}
