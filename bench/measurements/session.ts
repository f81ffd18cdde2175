import { Measurement, Sample } from "../harness/measurement";
import { runCells } from "../sides/notebook";
import { Side, untilIdle } from "../sides/side";
import { twoClusters } from "../tables/twoClusters";

const cell = `
import time
from pyspark.sql import SparkSession
begin = time.perf_counter()
spark = SparkSession.builder.getOrCreate()
print(time.perf_counter() - begin)`;

async function firstSession(side: Side): Promise<Sample> {
  await untilIdle(side);
  const { kernel, cells } = await runCells(side, [cell]);
  const [{ printed, seconds } = { printed: "", seconds: NaN }] = cells;
  const value = Number(printed.trim().split("\n").at(-1));
  return { value, beside: { "s until the kernel is ready": kernel, "s of the cell, import included": seconds } };
}

/** The call alone, in a kernel that has just become ready. */
export const session: Measurement = {
  name: "session",
  what: "`getOrCreate()` in a fresh notebook",
  against: "the same on the predecessors' layout",
  unit: "s",
  targets: [{ of: "ratio", atMost: 0.5 }],
  pairs: 7,
  patience: 2400,
  async setup(scratch) {
    const { ours, theirs } = await twoClusters(scratch);
    return { ours: () => firstSession(ours), theirs: () => firstSession(theirs) };
  },
};
