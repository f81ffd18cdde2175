import { OpenStack } from "../stack/openStack";
import { prepareStack } from "../stack/prepareStack";
import { upPrepared } from "./up";

/** What the rotation of each of them does. */
const effects = {
  token:
    "JupyterLab and Spark Connect restart with a new token: kernels that run end, saved notebooks stay. The address\n" +
    "with the new token is printed at the end; the old token is rejected from then on.",
  secret:
    "Master, workers and the other services with the secret restart with a new one: Spark applications that run end.\n" +
    "JupyterLab, its token and its kernels stay; restart the kernels that used the cluster.",
};

/** Generates a new token of JupyterLab (and Spark Connect), or a new secret of Spark's RPC (and the shared catalog), and runs `up`. */
export async function rotate(stack: OpenStack, what: keyof typeof effects): Promise<void> {
  await prepareStack(stack); // before the configuration is written: it refuses a stack on which another run works
  console.error(effects[what]);
  // Plain text: it is not a secret, but Pulumi takes it for one by its name.
  await stack.pulumi.setConfig(`${what}Generation`, { value: new Date().toISOString(), secret: false });
  await upPrepared(stack);
}
