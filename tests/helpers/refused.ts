import { readFileSync, writeFileSync } from "node:fs";

import { TestStack } from "../../testbed/testStack";

/** A preview with other values, which has to be refused without a change to any container. What it printed; the values are then as before. */
export async function refused(stack: TestStack, values: Readonly<Record<string, string>>): Promise<string> {
  const [config, ids] = [readFileSync(stack.file), await stack.ids()];
  await stack.setAll(values);
  const { code, output } = await stack.tryPulumi("preview", "--refresh=false"); // values are refused before the engine is looked at
  writeFileSync(stack.file, config);
  expect(code).not.toBe(0);
  expect(await stack.ids()).toEqual(ids);
  return output;
}
