import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { tried } from "../engine/tried";
import { packageRoot } from "../images/packageRoot";
import { detached } from "./detached";

/**
 * A resource whose provider is part of this program. It is a `pulumi.dynamic.Resource`, except that the text of its provider is kept
 * for the next `up` of the same program: to make it, the SDK loads TypeScript and npm's dependency resolver. It waits for its inputs,
 * but depends on no other resource: see {@link detached}.
 */
export class OwnResource extends pulumi.CustomResource {
  constructor(
    provider: pulumi.dynamic.ResourceProvider,
    name: string,
    props: pulumi.Inputs,
    opts: pulumi.CustomResourceOptions | undefined,
    type: string,
  ) {
    const inputs: pulumi.Inputs = { __provider: textOf(provider, type) };
    Object.entries<pulumi.Input<unknown>>(props).forEach(([key, value]) => (inputs[key] = detached(value)));
    super(`pulumi-nodejs:dynamic/spark-cluster:${type}`, name, inputs, opts);
  }
}

/**
 * Makes Pulumi start the provider of these resources, which takes half a second: by a call that it rejects. Without it, the provider
 * starts with the first of them, for which others wait.
 */
export function startOwnProvider(): void {
  pulumi.runtime.invoke("pulumi-nodejs:dynamic:start", {}).catch(() => undefined);
}

const texts = new Map<string, Promise<string>>();

function textOf(provider: pulumi.dynamic.ResourceProvider, type: string): Promise<string> {
  const known = texts.get(type) ?? makeText(provider, type);
  texts.set(type, known);
  return known;
}

async function makeText(provider: pulumi.dynamic.ResourceProvider, type: string): Promise<string> {
  const folder = process.env.SPARK_CLUSTER_CACHE; // set by main.cjs
  const file = folder === undefined ? undefined : join(folder, `${type}-${programRevision()}.txt`);
  const kept = file === undefined ? undefined : tried(() => readFileSync(file, "utf8"));
  if (kept !== undefined && kept !== "") {
    return kept; // a power loss can leave an empty file
  }
  const { serializeFunction } = await import("@pulumi/pulumi/runtime/closure/serializeClosure");
  const { text } = await serializeFunction(() => provider);
  if (file !== undefined) {
    keep(file, text);
  }
  return text;
}

/** A hash of all of the program's own files that are loaded: the text of a provider has what it calls. */
function programRevision(): string {
  const root = packageRoot() + sep;
  const isOwn = (file: string) => file.startsWith(root) && !file.slice(root.length).startsWith(`node_modules${sep}`);
  const files = Object.keys(require.cache).filter(isOwn);
  const hash = createHash("sha256")
    .update(root)
    .update(readFileSync(require.resolve("@pulumi/pulumi/package.json")));
  files.sort().forEach((file) => hash.update(file).update(readFileSync(file)));
  return hash.digest("hex");
}

/** A folder that cannot be written costs the next `up` its time, nothing else. */
function keep(file: string, text: string): void {
  const partial = `${file}.${process.pid}`;
  tried(() => {
    writeFileSync(partial, text);
    renameSync(partial, file);
  });
}
