import * as pulumi from "@pulumi/pulumi";
import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

import { revisionOf } from "../../../engine/revision";

/** What stands in a recorded input for a value that a preview cannot know. */
export const unknown = "(unknown)";

/** One resource as the program registered it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** Plain values, secrets unwrapped, unknowns as {@link unknown}. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Where in the inputs secrets lie: `value`, `files`. */
  readonly secrets: readonly string[];
  readonly options: {
    /** The parent's name. */
    readonly parent: string | undefined;
    /** Names of parents that it had in earlier releases. */
    readonly formerParents: readonly string[];
    /** Names of the resources that it waits for. */
    readonly dependencies: readonly string[];
    /** Name of its explicit provider. */
    readonly provider: string | undefined;
    /** Undefined where the program leaves it to the engine. */
    readonly deleteBeforeReplace: boolean | undefined;
    readonly retainOnDelete: boolean;
    readonly ignoreChanges: readonly string[];
    readonly replaceOnChanges: readonly string[];
  };
  /** The code behind a dynamic resource. */
  readonly dynamic: pulumi.dynamic.ResourceProvider | undefined;
}

/** What a program left behind. */
export interface Run<T> {
  readonly result: T;
  readonly resources: readonly Registration[];
  /** The resource of a name. @throws if there is none, or more than one. */
  readonly get: (name: string) => Registration;
}

export interface RunOptions {
  /** As in `pulumi preview`: what an engine would compute is unknown. */
  readonly preview?: boolean;
  readonly stack?: string;
  /** `namespace:key` -> text. */
  readonly config?: Readonly<Record<string, string>>;
  /** What a function of Pulumi's own provider returns of the state before this run. Empty by default. */
  readonly earlier?: (token: string) => Readonly<Record<string, unknown>>;
  /** Outputs of resources by name, where they differ from the inputs. */
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Where what is registered is kept: for a program that ends with an error. */
  readonly resources?: Registration[];
}

const dynamicProviders: pulumi.dynamic.ResourceProvider[] = [];

/** Keeps the provider of a dynamic resource and returns what stands for its code. */
function mockSerialized(closure: () => pulumi.dynamic.ResourceProvider): string {
  const provider = closure();
  const known = dynamicProviders.indexOf(provider);
  return String(known >= 0 ? known : dynamicProviders.push(provider) - 1);
}

// The code of a dynamic resource is kept as it is: turned into text it could not be called, and coverage would not see it.
jest.mock("@pulumi/pulumi/runtime/closure/serializeClosure", () => ({
  serializeFunction: (closure: () => pulumi.dynamic.ResourceProvider) =>
    Promise.resolve({ text: mockSerialized(closure), containsSecrets: false }),
}));

/** Runs a program against no engine at all and waits until all that it registers is registered. */
export async function run<T>(program: () => T, options: RunOptions = {}): Promise<Run<T>> {
  const { preview = false, stack = "unit", config = {}, resources = [], earlier, outputs = {} } = options;
  const newResource = ({ name, type, inputs, custom }: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult => ({
    id: preview || custom === false ? undefined : `${name}-id`,
    state: {
      ...(inputs as Record<string, unknown>),
      ...(preview ? {} : computed(type, name, inputs as Inputs)),
      ...outputs[name],
    },
  });
  const call = ({ token }: pulumi.runtime.MockCallArgs) => ({ outputs: earlier?.(token) ?? {} });
  await pulumi.runtime.setMocks({ newResource, call }, "spark-cluster", stack, preview, "organization");
  pulumi.runtime.setAllConfig(config);

  // newResource is told neither the options of a resource nor which of its inputs are secrets: both are in the monitor's request alone.
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) => {
    resources.push(registrationOf(request));
    return register(request, callback);
  };

  const result = await withoutStackTraces(async () => {
    const made = program();
    await pulumi.runtime.disconnect();
    return made;
  });
  const get = (name: string): Registration => {
    const [found, ...more] = resources.filter((resource) => resource.name === name && !isComponent(resource));
    if (found === undefined || more.length > 0) {
      throw new Error(`there is not one ${name} among ${resources.map((each) => each.name).join(", ")}`);
    }
    return found;
  };
  return { result, resources, get };
}

/** The code behind the one dynamic resource of a program. */
export async function providerOf<Inputs, State>(
  program: () => pulumi.Resource,
): Promise<Required<pulumi.dynamic.ResourceProvider<Inputs, State>>> {
  const { resources } = await run(program);
  return resources[0]?.dynamic as unknown as Required<pulumi.dynamic.ResourceProvider<Inputs, State>>;
}

/** The SDK keeps a stack trace for each promise of its own; mapped to TypeScript, they take most of a run's time. */
async function withoutStackTraces<T>(task: () => Promise<T>): Promise<T> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await task();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** What an output came to. */
export async function resolved<T>(output: pulumi.Output<T>): Promise<{ value: T; known: boolean; secret: boolean }> {
  const inner = output as unknown as { promise(): Promise<T>; isKnown: Promise<boolean>; isSecret: Promise<boolean> };
  const [value, known, secret] = await Promise.all([inner.promise(), inner.isKnown, inner.isSecret]);
  return { value, known, secret };
}

/** The resources but for components, which an engine never sees. */
export function customResources(resources: readonly Registration[]): readonly Registration[] {
  return resources.filter((resource) => !isComponent(resource));
}

/** Names of the resources whose inputs are others in the second run, or that only one of the two has. A kept value does not change. */
export function difference(one: Run<unknown>, other: Run<unknown>): { added: string[]; removed: string[]; changed: string[] } {
  const inputsOf = ({ resources }: Run<unknown>) =>
    new Map(
      customResources(resources).map(({ type, name, inputs }) => [
        name,
        type === "pulumi:index:Stash" ? "" : JSON.stringify(inputs),
      ]),
    );
  const [before, after] = [inputsOf(one), inputsOf(other)];
  return {
    added: [...after.keys()].filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    changed: [...after.keys()].filter((name) => before.has(name) && before.get(name) !== after.get(name)),
  };
}

function isComponent(resource: Registration): boolean {
  return resource.type.startsWith("spark-cluster:");
}

type Inputs = Readonly<Record<string, unknown>>;

/** What an engine or a provider adds to the inputs. */
function computed(type: string, name: string, { input, data }: Inputs): Record<string, unknown> {
  if (type === "docker:index/secret:Secret") {
    return { name: `${name}-of-${revisionOf(JSON.stringify(data))}` }; // another content is another secret
  }
  if (type === "docker:index/remoteImage:RemoteImage") {
    return { imageId: `sha256:${name}`, repoDigest: `registry.example.com/${name}@sha256:1` };
  }
  if (type !== "pulumi:index:Stash") {
    return {};
  }
  // Values that tests can name, in place of random ones.
  return { output: name.endsWith("home") ? { ...(input as object), id: `${name}-id` } : pulumi.secret(`value of ${name}`) };
}

function registrationOf(request: RegisterResourceRequest): Registration {
  const secrets: string[] = [];
  const inputs = plain(request.getObject()?.toJavaScript() ?? {}, [], secrets) as Record<string, unknown>;
  const { __provider: code, ...rest } = inputs;
  return {
    type: request.getType(),
    name: request.getName(),
    inputs: rest,
    secrets,
    options: {
      parent: nameIn(request.getParent()),
      formerParents: request.getAliasesList().flatMap((alias) => nameIn(alias.getSpec()?.getParenturn() ?? "") ?? []),
      dependencies: request.getDependenciesList().map((urn) => nameIn(urn) ?? ""),
      provider: nameIn(request.getProvider().replace(/::[^:]*$/, "")),
      deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
      retainOnDelete: request.getRetainondelete() ?? false,
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
    },
    dynamic: code === undefined ? undefined : dynamicProviders[Number(code)],
  };
}

function nameIn(urn: string): string | undefined {
  return urn === "" ? undefined : urn.split("::").at(-1);
}

/** A value from the wire; notes where its secrets lie. */
function plain(value: unknown, path: readonly string[], secrets: string[]): unknown {
  if (value === pulumi.runtime.unknownValue) {
    return unknown;
  }
  if (Array.isArray(value)) {
    return value.map((each, index) => plain(each, [...path, String(index)], secrets));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const fields = value as Record<string, unknown>;
  if (fields[pulumi.runtime.specialSigKey] === pulumi.runtime.specialSecretSig) {
    secrets.push(path.join("."));
    return plain(fields.value, path, secrets);
  }
  return Object.fromEntries(Object.entries(fields).map(([key, each]) => [key, plain(each, [...path, key], secrets)]));
}
