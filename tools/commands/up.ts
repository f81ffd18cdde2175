import { checkCluster } from "../stack/checkCluster";
import { prepareStack } from "../stack/prepareStack";
import { pulumiUp } from "../stack/pulumiUp";

/** Goes from a bare machine to a cluster that has run a job. Finished steps are not repeated. */
export async function up(name: string): Promise<void> {
  const stack = await prepareStack(name);
  await checkCluster(stack, await pulumiUp(stack));
}
