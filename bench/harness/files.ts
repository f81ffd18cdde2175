import { writeFileSync } from "node:fs";

import { format, resolveConfig } from "prettier";

/** Writes files, path -> text, in the linter's format. */
export async function writeFormatted(texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(texts)) {
    writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
  }
}
