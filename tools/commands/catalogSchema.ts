import { execFileSync } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";

import { clientCommand } from "../../engine/cli";
import { runningContainer } from "../stack/containers";
import { OpenStack } from "../stack/openStack";

/** Prints images/catalog/schema.sql for the Hive of the stack's Spark. The stack has to run with `catalog: shared`. */
export function catalogSchema(stack: OpenStack): void {
  const inside = ["exec", "--interactive", runningContainer(stack, "jupyterlab"), "python3", "-"];
  const [program, ...args] = clientCommand(stack.engine, ...inside);
  execFileSync(program, args, { stdio: [openSync(join(__dirname, "catalog_schema.py"), "r"), "inherit", "inherit"] });
}
