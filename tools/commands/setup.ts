import { installPulumi } from "../machine/machine";
import { ignoreSalts } from "../stack/git";

/** Installs everything that a bare `pulumi up` needs on this machine, except an engine. Finished steps are not repeated. */
export function setup(): void {
  installPulumi();
  ignoreSalts();
}
