import { secondsOf } from "../harness/clock";
import { Measurement } from "../harness/measurement";
import { OurCluster } from "../sides/ourCluster";

interface State {
  readonly deployment: { readonly resources?: readonly { readonly type: string; readonly custom?: boolean }[] };
}

/** The types of resources for which a refresh queries an engine or a provider, as in URNs. */
async function kindsOf(cluster: OurCluster): Promise<string[]> {
  const { deployment } = JSON.parse(await cluster.pulumi("stack", "export")) as State;
  const kinds = (deployment.resources ?? []).filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:"));
  return [...new Set(kinds.map(({ type }) => type))].sort();
}

/** The time that a refresh adds to an `up` without changes, and its parts by type of resource. */
export const refresh: Measurement = {
  name: "refresh",
  what: "`pulumi up --skip-preview --refresh` without a change",
  against: "the same without refresh",
  unit: "s",
  targets: [],
  pairs: 5,
  patience: 2400,
  async setup(scratch) {
    const cluster = await OurCluster.make(scratch);
    await cluster.up();
    await cluster.pulumi("up", "--yes", "--skip-preview", "--refresh");
    const kinds = await kindsOf(cluster);
    const refreshOf = (kind: string) =>
      secondsOf(() => cluster.pulumi("refresh", "--yes", "--skip-preview", "--target", `**${kind}::**`));
    return {
      ours: async () => {
        const value = await secondsOf(() => cluster.pulumi("up", "--yes", "--skip-preview", "--refresh"));
        const parts: [string, number][] = [];
        for (const kind of kinds) {
          parts.push([`s of a \`pulumi refresh\` of ${kind.split(":").at(-1) ?? kind} alone`, await refreshOf(kind)]);
        }
        return { value, beside: Object.fromEntries(parts) };
      },
      theirs: async () => ({ value: await secondsOf(() => cluster.up()) }),
    };
  },
};
