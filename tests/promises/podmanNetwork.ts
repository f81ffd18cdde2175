import { ok } from "../../testbed/run";
import { TestStack } from "../../testbed/testStack";
import { Life } from "../helpers/life";

interface Network {
  readonly network_interface: string;
}

/** Asks for a name, gives the bridge another address, and asks again. By the kernel's defaults two answers are lost, of five seconds each. */
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
