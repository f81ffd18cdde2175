import { Failure } from "../failure";
import { openStack } from "../stack/openStack";
import { up } from "./up";

/** What can be rotated, and what its rotation does. */
const effects = new Map([
  [
    "token",
    "JupyterLab and Spark Connect restart with a new token: kernels that run end, saved notebooks stay. The address\n" +
      "with the new token is printed at the end; the old token is rejected from then on.",
  ],
  [
    "secret",
    "Master, workers and the other services with the secret restart with a new one: Spark applications that run end.\n" +
      "JupyterLab, its token and its kernels stay; restart the kernels that used the cluster.",
  ],
]);

/** Generates a new token of JupyterLab (and Spark Connect), or a new secret of Spark's RPC (and the shared catalog), and runs `up`. */
export async function rotate(name: string, what: string): Promise<void> {
  const effect = effects.get(what);
  if (effect === undefined) {
    throw new Failure(`There is no ${what} to rotate, only ${[...effects.keys()].join(" or ")}.`);
  }
  const { pulumi } = await openStack(name);
  console.error(effect);
  // Plain text: it is not a secret, but Pulumi takes it for one by its name.
  await pulumi.setConfig(`${what}Generation`, { value: new Date().toISOString(), secret: false });
  await up(name);
}
