import { checkCluster } from "../stack/checkCluster";
import { OpenStack } from "../stack/openStack";
import { prepareStack } from "../stack/prepareStack";
import { outputsOf, pulumiUp } from "../stack/pulumiUp";

/** Goes from a bare machine to a cluster that has run a job. Finished steps are not repeated. */
export async function up(stack: OpenStack): Promise<void> {
  await prepareStack(stack);
  await upPrepared(stack);
}

/** As {@link up}, of a stack that is prepared. */
export async function upPrepared(stack: OpenStack): Promise<void> {
  await pulumiUp(stack);
  await checkCluster(stack, await outputsOf(stack));
}
