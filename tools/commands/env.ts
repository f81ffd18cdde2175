import { shellWord } from "../../config/problem";
import { environmentOf } from "../stack/environment";

/** Prints the environment for a bare `pulumi up`: `eval "$(make -s env)"`. */
export function env(name: string): void {
  for (const [variable, value] of Object.entries(environmentOf(name))) {
    console.log(`export ${variable}=${shellWord(value)}`);
  }
}
