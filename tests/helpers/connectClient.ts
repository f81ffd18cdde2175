import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ok, Result, run } from "../../testbed/run";

/** A Python of this machine that has the client of Spark Connect, and nothing else of Spark. It goes with the tests it is made for. */
export class ConnectClient {
  private venv = "";

  constructor() {
    afterAll(() => {
      rmSync(this.venv, { recursive: true, force: true }); // none, if it was never installed
    });
  }

  async install(): Promise<this> {
    this.venv = mkdtempSync(join(tmpdir(), "spark-connect-client-"));
    await ok("python3", ["-m", "venv", this.venv]);
    const options = ["--no-compile", "--require-hashes", "--requirement", join(__dirname, "spark-connect.txt")];
    await ok(join(this.venv, "bin/pip"), ["install", ...options], { timeout: 900 });
    return this;
  }

  /** Runs a program with the address of Spark Connect on its standard input. */
  run(source: string, address: string): Promise<Result> {
    return run(join(this.venv, "bin/python"), ["-c", source], { input: `${address}\n`, timeout: 240 });
  }
}
