import { checkCluster } from "../stack/checkCluster";
import { openStack } from "../stack/openStack";
import { prepareStack } from "../stack/prepareStack";
import { outputsOf, pulumiUp } from "../stack/pulumiUp";

/** Goes from a bare machine to a cluster that has run a job. Finished steps are not repeated. */
export async function up(name: string, kind?: string): Promise<void> {
  const stack = await openStack(name, { create: true, kind });
  await prepareStack(stack);
  await pulumiUp(stack);
  await checkCluster(stack, await outputsOf(stack));
}
