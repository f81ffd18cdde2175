import { Engine } from "../../../engine/engine";
import { startDocker, stopDockers } from "./secondDocker";
import { startPodman, stopPodmans } from "./secondPodman";
import { testedEngine } from "./testedEngine";

/** Another engine of the tested kind, with nothing on it. */
export interface SecondEngine {
  readonly engine: Engine;
  /** The address under which its containers see this machine. */
  readonly address: string;
}

export function startSecondEngine(): Promise<SecondEngine> {
  return testedEngine.kind === "podman" ? startPodman() : startDocker({ ssh: true });
}

export async function stopSecondEngines(): Promise<void> {
  await stopDockers();
  await stopPodmans();
}
