import { startClock } from "../harness/clock";
import { Measurement, Sample } from "../harness/measurement";
import { fromNothing } from "../sides/fromNothing";
import { runFirstJob } from "../sides/notebook";
import { Side, untilJupyterLabAnswers } from "../sides/side";

/** Opens the notebook once the command has returned and JupyterLab responds: no user could open it sooner. */
async function upUntilAnswer(side: Side): Promise<Sample> {
  const clock = startClock();
  await side.up();
  await untilJupyterLabAnswers(side);
  const opened = clock();
  const { kernel } = await runFirstJob(side);
  return { value: clock(), beside: { "s until JupyterLab answers": opened, "s until the kernel is ready, from then": kernel } };
}

/** From the command until a first notebook has the right answer of a first job. */
export const firstJob: Measurement = {
  name: "first-job",
  what: "`pulumi up` until the first job of a first notebook has its answer, images present",
  against: "docker compose",
  unit: "s",
  targets: [{ of: "ratio", atMost: 0.6 }],
  pairs: 5,
  patience: 2400,
  setup: (scratch) => fromNothing(scratch, upUntilAnswer),
};
