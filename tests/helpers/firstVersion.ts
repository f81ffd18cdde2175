import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { TestStack } from "../../testbed/testStack";

interface Resource {
  urn: string;
  type: string;
  provider?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

const dynamic = "pulumi-nodejs:dynamic/spark-cluster:";
/** The code of a dynamic resource that does nothing. */
const code = { __provider: "exports.handler = () => ({});" };

/** Gives a stack's state the form of the first version, which kept the stack's secrets and its home in dynamic resources. */
export async function asFirstVersion(stack: TestStack): Promise<void> {
  const exported = await stack.pulumi("stack", "export", "--show-secrets");
  const text = exported.replace(/pulumi:index:Stash(?=::spark-([\w-]+))/g, (_, name: string) => dynamic + typeOf(name));
  const state = JSON.parse(text) as { deployment: { resources: Resource[] } };
  const { resources } = state.deployment;
  const provider = resources.findIndex(({ urn }) => urn.endsWith("pulumi:providers:pulumi-nodejs::default"));
  resources.splice(1, 0, ...resources.splice(provider, 1)); // before the resources that need it
  for (const { inputs, outputs } of resources.filter(({ urn }) => urn.endsWith("pulumi:providers:docker::engine"))) {
    for (const values of [inputs, outputs]) {
      delete values?.context;
      delete values?.certPath;
    }
  }
  const nodejs = resources.find(({ type }) => type.startsWith(dynamic))?.provider;
  for (const resource of resources.filter(({ type }) => type === "pulumi:index:Stash")) {
    const { output } = resource.outputs as { output: object };
    const name = resource.urn.replace(/.*::spark-/, "");
    resource.type = dynamic + typeOf(name);
    resource.provider = nodejs;
    resource.inputs = { ...code };
    resource.outputs = { ...code, ...(name === "home" ? output : { generation: "1", value: output }) };
  }
  const file = join(stack.stateFolder, "first-version.json");
  writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
  try {
    await stack.pulumi("stack", "import", "--file", file);
  } finally {
    rmSync(file);
  }
}

function typeOf(name: string): string {
  return name === "home" ? "StackHome" : "GeneratedSecret";
}
