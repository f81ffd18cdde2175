// Prints the stack's base image with the digest that its tag has in the registry.
import { ConfigError } from "../config/problem";
import { pinImage } from "../engine/images";
import { clusterConfig, configValues, engineOf } from "./stack";

async function main(): Promise<void> {
  const values = configValues();
  console.log(await pinImage(engineOf(values), clusterConfig(values).images.baseImage));
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError || error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
