import { ask, clientCommand } from "../../engine/cli";
import { becomeProgram } from "../programs";
import { runningContainer } from "../stack/containers";
import { openStack } from "../stack/openStack";

/**
 * Prints the SHA-256 checksums of all jars that S3A needs with the stack's Spark, in the format of images/spark-base/s3-jars. The
 * jars come from Maven Central, or from MAVEN_MIRROR. The stack has to run without s3 and extraJars.
 */
export async function jarSums(name: string): Promise<void> {
  const stack = await openStack(name);
  const image = ask(stack.engine, "inspect", "--format", "{{.Image}}", runningContainer(stack, "jupyterlab")).trim();
  const environment = ["S3=true", "EXTRA_JARS=", "MAVEN_MIRROR"].flatMap((variable) => ["--env", variable]);
  const run = ["run", "--rm", "--user", "0", ...environment, image, "extra-jars", "--sums"];
  await becomeProgram(clientCommand(stack.engine, ...run));
}
