import { startClock } from "../harness/clock";
import { Measurement, Sample } from "../harness/measurement";
import { ComposedCluster } from "../sides/composedCluster";
import { runFirstJob } from "../sides/notebook";
import { OurCluster } from "../sides/ourCluster";
import { Side, untilJupyterLabAnswers, upOnce } from "../sides/side";

/** The notebook is opened when the command has returned and JupyterLab answers: no person has one sooner. */
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
  async setup(scratch) {
    const cluster = await OurCluster.make(scratch); // first, because it starts the engine
    const composed = await ComposedCluster.make(scratch);
    for (const side of [cluster, composed]) {
      await upOnce(side, () => upUntilAnswer(side)); // so that the volumes are there
    }
    return {
      ours: () => upOnce(cluster, () => upUntilAnswer(cluster)),
      theirs: () => upOnce(composed, () => upUntilAnswer(composed)),
    };
  },
};
