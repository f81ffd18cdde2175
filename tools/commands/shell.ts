import { clientCommand } from "../../engine/cli";
import { becomeProgram } from "../programs";
import { runningContainer } from "../stack/containers";
import { OpenStack } from "../stack/openStack";

/** Opens a PySpark shell on the cluster, with `spark` defined. On a terminal it is IPython; otherwise it runs its input line by line. */
export async function shell(stack: OpenStack): Promise<void> {
  const ide = runningContainer(stack, "jupyterlab");
  const how = process.stdin.isTTY
    ? ["--tty", "--env", "PYSPARK_DRIVER_PYTHON=/opt/python/bin/ipython"]
    : ["--env", "PYSPARK_DRIVER_PYTHON_OPTS=-i"];
  await becomeProgram(clientCommand(stack.engine, "exec", "--interactive", ...how, ide, "pyspark"));
}
