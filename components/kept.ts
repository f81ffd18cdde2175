import * as crypto from "crypto";

import * as pulumi from "@pulumi/pulumi";

import { Known } from "../config/known";
import { elsewhere } from "../engine/place";
import { EarlierState } from "./earlierState";

interface KeptArgs {
  readonly parent: pulumi.Resource;
  readonly earlier: Promise<EarlierState>;
}

/**
 * Keeps the value of the first `up` in the state of the stack.
 *
 * @param earlier The value that an earlier version kept elsewhere, which is taken over.
 */
function kept<T>(
  name: string,
  parent: pulumi.Resource,
  { first, earlier }: { readonly first: pulumi.Input<T>; readonly earlier: Promise<pulumi.Input<T> | undefined> },
): pulumi.Output<T> {
  // A preview must not know a value that the `up` will not have: a plan would hold the `up` to it.
  const input = pulumi.all([first, earlier]).apply(([made, known]): unknown => {
    return known ?? (pulumi.runtime.isDryRun() ? pulumi.unknown : made);
  });
  return new pulumi.Stash(name, { input }, { parent, ignoreChanges: ["input"] }).output as pulumi.Output<T>;
}

/**
 * 256 random bits as hex digits, generated at the first `up` and kept as a Pulumi secret until `generation` changes.
 *
 * @param isFirst Whether `generation` is the default. Each other one is a resource of its own, with its name.
 */
export function keptSecret(
  name: string,
  { parent, earlier, generation, isFirst }: KeptArgs & { readonly generation: string; readonly isFirst: boolean },
): pulumi.Output<string> {
  const earlierValue = earlier.then((outputsOf) => {
    const found = outputsOf(`GeneratedSecret::${name}`);
    return found?.generation === generation ? pulumi.secret(found.value as string) : undefined;
  });
  const first = pulumi.secret(crypto.randomBytes(32).toString("hex"));
  return kept(isFirst ? name : `${name}-${generation}`, parent, { first, earlier: earlierValue });
}

interface Home {
  readonly host: string;
  readonly id: string;
}

/**
 * The id that distinguishes this stack from others of the same name, generated at the first `up`. The engine or swarm of that `up`
 * is kept with it.
 *
 * @param place The engine or swarm that the configuration names.
 * @throws {pulumi.RunError} in the output, if that is another one.
 */
export function keptHome(
  name: string,
  { parent, earlier, place }: KeptArgs & { readonly place: Known<string> },
): pulumi.Output<string> {
  const first = pulumi.output(place).apply((host): Home => ({ host, id: crypto.randomBytes(8).toString("hex") }));
  const home = kept<Home>(name, parent, {
    first,
    earlier: earlier.then((outputsOf) => {
      const found = outputsOf(`StackHome::${name}`) as Home | undefined;
      return found && { host: found.host, id: found.id };
    }),
  });
  return pulumi.all([home, place]).apply(([{ host, id }, now]) => {
    if (host !== now) {
      throw new pulumi.RunError(elsewhere(host, now));
    }
    return id;
  });
}
