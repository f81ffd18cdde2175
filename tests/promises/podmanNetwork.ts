import { ok } from "../../testbed/run";
import { TestStack } from "../../testbed/testStack";
import { Life } from "../helpers/life";

interface Network {
  readonly network_interface: string;
}

/** By the kernel's defaults, two questions are lost after the bridge has moved, and the resolver waits five seconds for each answer. */
async function moveBridge(stack: TestStack): Promise<void> {
  const asked = (seconds: number) =>
    stack.askInside(stack.nameOf("jupyterlab"), "timeout", String(seconds), "getent", "hosts", "spark-master");
  await asked(5);
  const [network] = JSON.parse(await stack.ask("network", "inspect", stack.nameOf("network"))) as Network[];
  await ok("ip", ["link", "set", "dev", network?.network_interface ?? "", "address", "06:11:22:33:44:55"]);
  await asked(9);
}

export function podmanNetwork(life: Life): void {
  life.step("names resolve after the bridge of the network has got another address", moveBridge);
}
