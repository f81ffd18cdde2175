import { clientCommand } from "../../engine/cli";
import { Engine } from "../../engine/engine";
import { ok } from "../../testbed/run";
import { startDocker, stopDockers } from "../../testbed/engines/secondDocker";
import { docker } from "../../testbed/engines/here";
import { Scratch } from "../harness/scratch";

const baseImage = "debian:bookworm-slim";

/** A Docker engine in a container with empty caches: it has only Debian's image. The machine's own engine keeps its caches. */
export async function startEmptyEngine(scratch: Scratch): Promise<Engine> {
  scratch.later("the empty engine", stopDockers);
  const { engine } = await startDocker();
  const [from, to] = [clientCommand(docker, "save", baseImage), clientCommand(engine, "load", "--quiet")];
  const count = String(from.length);
  const script = 'count=$1 && shift && "${@:1:count}" | "${@:count+1}"';
  await ok("bash", ["-o", "pipefail", "-c", script, "bash", count, ...from, ...to], { timeout: 300 });
  return engine;
}
