import * as pulumi from "@pulumi/pulumi";

/** A value that is plain, or known later. */
export type Known<T> = T | pulumi.Output<T>;

/** Computes a value from another: at once from a plain one. */
export function computed<T, U>(from: Known<T>, compute: (value: T) => U): Known<U> {
  return pulumi.Output.isInstance<T>(from) ? from.apply<U>((value) => compute(value)) : compute(from);
}
