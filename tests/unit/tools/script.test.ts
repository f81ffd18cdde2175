import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder, write } from "../helpers/folders";

const script = join(__dirname, "../../../tools/spark-cluster");

let folder: string;

/** A checkout with this script, and a Node that prints where it runs and what the script found out. */
beforeAll(() => {
  folder = realpathSync(temporaryFolder());
  mkdirSync(join(folder, "checkout/tools"), { recursive: true });
  mkdirSync(join(folder, "home/bin"), { recursive: true });
  cpSync(script, join(folder, "checkout/tools/spark-cluster"));
  write(join(folder, "checkout/tools/machine/npm.sh"), "#!/bin/sh\n", 0o755);
  write(join(folder, "bin/node"), `#!/bin/bash\necho "$PWD $CALLED_FROM $STARTED_IN"\n`, 0o755);
  symlinkSync("../../checkout/tools/spark-cluster", join(folder, "home/bin/relative"));
  symlinkSync(join(folder, "home/bin/relative"), join(folder, "home/bin/absolute"));
});

test.each([
  ["checkout/tools/spark-cluster", undefined],
  ["home/bin/relative", undefined],
  ["home/bin/absolute", undefined],
  ["checkout/tools/spark-cluster", "/shells"],
  ["checkout/tools/spark-cluster", ""],
])("%s runs in its checkout, and finds the folder of the shell if make gives %j", (program, ofMake) => {
  const { CALLED_FROM: _, ...env } = process.env;
  const { stdout, stderr } = spawnSync(join(folder, program), ["status"], {
    cwd: join(folder, "home"),
    env: { ...env, PATH: `${join(folder, "bin")}:${env.PATH!}`, ...(ofMake !== undefined && { CALLED_FROM: ofMake }) },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const home = join(folder, "home");
  expect({ stdout, stderr }).toEqual({
    stdout: `${join(folder, "checkout")} ${ofMake === "" ? home : (ofMake ?? home)} ${home}\n`,
    stderr: "",
  });
});
