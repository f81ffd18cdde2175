import * as crypto from "crypto";

import * as pulumi from "@pulumi/pulumi";

import { Known } from "../config/known";
import { elsewhere, renamed } from "../engine/place";
import { detached } from "./detached";
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
  const stash = new pulumi.Stash(name, { input }, { parent, ignoreChanges: ["input"] });
  return detached(stash.output as pulumi.Output<T>);
}

/**
 * 256 random bits as hex digits, generated at the first `up` and kept as a Pulumi secret until `generation` changes.
 *
 * @param isFirst Whether `generation` is the default. The secret of another generation is another resource, named after it.
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

/** What a stack keeps of its first `up`. */
export interface Home {
  /** The engine or swarm, in words. */
  readonly host: string;
  /** Distinguishes the stack from others of the same name. */
  readonly id: string;
  /** The cluster's name on the engine. */
  readonly stack: string;
}

/**
 * The id of a home, whose engine and name have to be those of the configuration.
 *
 * @throws {pulumi.RunError} if one of them has changed.
 */
export function idOf({ host, id, stack }: Home, now: Omit<Home, "id">): string {
  if (host !== now.host) {
    throw new pulumi.RunError(elsewhere(host, now.host));
  }
  if (stack !== now.stack) {
    throw new pulumi.RunError(renamed(stack, now.stack));
  }
  return id;
}

/**
 * Keeps the home of a stack, and returns its id.
 *
 * @param place The engine or swarm that the configuration names.
 * @param stack The cluster's name on the engine.
 * @throws {pulumi.RunError} in the output, as {@link idOf}.
 */
export function keptHome(
  name: string,
  { parent, earlier, place, stack }: KeptArgs & { readonly place: Known<string>; readonly stack: string },
): pulumi.Output<string> {
  const home = kept<Home>(name, parent, {
    first: pulumi.output(place).apply((host) => ({ host, id: crypto.randomBytes(8).toString("hex"), stack })),
    earlier: earlier.then((outputsOf) => {
      const found = outputsOf(`StackHome::${name}`) as Omit<Home, "stack"> | undefined;
      return found && { host: found.host, id: found.id, stack };
    }),
  });
  return pulumi.all([home, place]).apply(([known, host]) => idOf(known, { host, stack }));
}
