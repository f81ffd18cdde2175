import type { ConfigMap, Stack } from "@pulumi/pulumi/automation";

import { Failure } from "../failure";

/**
 * Checks a stack without a file in this checkout: the state is the same in all checkouts, the file is not.
 *
 * @param now Its configuration without the file.
 * @throws {Failure} if the last update had another configuration, which is in the file of another checkout.
 */
export async function checkConfiguration(name: string, file: string, stack: Pick<Stack, "info">, now: ConfigMap): Promise<void> {
  const last = (await stack.info(false))?.config ?? {};
  const lost = Object.keys(last).filter((key) => last[key]?.value !== now[key]?.value);
  if (lost.length > 0) {
    throw new Failure(
      `Stack ${name} was configured in another checkout: this one has no ${file}, and would change ${lost.sort().join(", ")}. ` +
        `Nothing was changed.\nCopy the file from there. If it is lost, the state has the values of the last update:\n` +
        `  eval "$(make -s env STACK=${name})" && pulumi config refresh\n` +
        `For the default values instead: touch ${file}`,
    );
  }
}
