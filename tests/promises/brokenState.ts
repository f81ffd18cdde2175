import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { foreignSalt } from "../helpers/foreignSalt";
import { Life } from "../helpers/life";

/** Of a stack that is not up. With a foreign salt, `make` looks into the state before it checks it. */
export function brokenState(life: Life): void {
  life.step("make names a state that is cut off and the way back, whatever salt the stack's file has", async (stack) => {
    const state = join(stack.stateFolder, "state/.pulumi/stacks/spark-cluster", `${stack.name}.json`);
    const [sound, text] = [readFileSync(state), readFileSync(stack.file, "utf8")];
    const unsalted = text.replace(/^encryptionsalt:.*\n/m, "");
    for (const file of [text, unsalted, `${unsalted}encryptionsalt: ${foreignSalt}\n`]) {
      for (const left of [Buffer.alloc(0), sound.subarray(0, sound.length / 2)]) {
        writeFileSync(stack.file, file);
        writeFileSync(state, left);
        const { code, output } = await stack.make("up");
        expect({ code, output }).toEqual({
          code: 2,
          output: expect.stringContaining(`${state}. Nothing was changed.`) as string,
        });
      }
    }
    writeFileSync(state, sound);
    writeFileSync(stack.file, text);
  });
}
