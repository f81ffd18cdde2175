import { stripVTControlCharacters } from "node:util";

import { tried } from "../../engine/tried";
import { Failure } from "../failure";

/** A known vulnerability of a pinned package. */
export interface Finding {
  /** The advisory's id, by which tools/checks/advisories-accepted.txt names it. */
  readonly id: string;
  /** The package and its version. */
  readonly what: string;
  /** The version that fixes it, if there is one. */
  readonly fixedIn: string | undefined;
}

/** A source of advisories could not be queried, which does not mean that there are none. The message says why. */
export class Unasked extends Error {}

/** The output of a scanner that has ended. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
}

// Each of these functions reads the output of one scanner, and throws Unasked if it is not an answer.

/** `npm audit --json`. Exits with 1 both for a known vulnerability and if npm's registry does not respond. */
export function ofNpm({ stdout, stderr }: Ended): Finding[] {
  interface Advisory {
    readonly url: string;
    readonly range: string;
  }
  interface Report {
    readonly auditReportVersion?: number;
    readonly message?: string;
    readonly vulnerabilities?: Readonly<
      Record<string, { readonly via: readonly (string | Advisory)[]; readonly fixAvailable: unknown }>
    >;
  }
  const report = parsed(stdout) as Report | undefined;
  if (report?.auditReportVersion === undefined) {
    throw new Unasked(report?.message ?? lastLine(stderr));
  }
  return Object.entries(report.vulnerabilities ?? {}).flatMap(([name, { via, fixAvailable }]) =>
    // A string is the name of another package, which has its own entry.
    via.flatMap((advisory) =>
      typeof advisory === "string"
        ? []
        : [
            {
              id: advisory.url.split("/").at(-1) ?? advisory.url,
              what: `${name} ${advisory.range}`,
              fixedIn: fixAvailable === false ? undefined : "a version that npm audit fix takes",
            },
          ],
    ),
  );
}

/** `pip-audit --format json`. Skips packages that it cannot query, and still exits with 0. */
export function ofPip({ stdout, stderr }: Ended): Finding[] {
  interface Package {
    readonly name: string;
    readonly version?: string;
    readonly skip_reason?: string;
    readonly vulns?: readonly { readonly id: string; readonly fix_versions: readonly string[] }[];
  }
  const packages = (parsed(stdout) as { readonly dependencies?: readonly Package[] } | undefined)?.dependencies;
  if (packages === undefined || packages.length === 0) {
    throw new Unasked(lastLine(stderr));
  }
  const skipped = packages.flatMap((each) => each.skip_reason ?? []);
  if (skipped.length > 0) {
    throw new Unasked(`${skipped.length} of ${packages.length} packages were passed over: ${skipped[0] ?? ""}`);
  }
  return packages.flatMap(({ name, version = "", vulns = [] }) =>
    vulns.map(({ id, fix_versions: fixes }) => ({ id, what: `${name} ${version}`, fixedIn: fixes.at(0) })),
  );
}

/** `govulncheck -format json -scan package`: a sequence of JSON objects. Modules of which no package is imported are left out. */
export function ofGo({ stdout, stderr }: Ended): Finding[] {
  interface Message {
    readonly config?: unknown;
    readonly finding?: {
      readonly osv: string;
      readonly fixed_version?: string;
      readonly trace: readonly { readonly module: string; readonly version?: string; readonly package?: string }[];
    };
  }
  const messages = stdout.split(/^(?=\{)/m).map((text) => parsed(text) as Message | undefined);
  if (stderr.trim() !== "" || messages.some((each) => each === undefined)) {
    throw new Unasked(lastLine(stderr));
  }
  return messages.flatMap((message) => {
    const { osv: id = "", fixed_version: fixedIn, trace: [found] = [] } = message?.finding ?? {};
    const { module = "", version = "" } = found ?? {};
    return found?.package === undefined ? [] : [{ id, what: `${module === "stdlib" ? "Go" : module} ${version}`, fixedIn }];
  });
}

/** `grype --only-fixed --output json`. */
export function ofGrype({ stdout, stderr }: Ended): Finding[] {
  interface Match {
    readonly vulnerability: { readonly id: string; readonly fix: { readonly versions: readonly string[] } };
    readonly artifact: { readonly name: string; readonly version: string };
  }
  const matches = (parsed(stdout) as { readonly matches?: readonly Match[] } | undefined)?.matches;
  if (matches === undefined) {
    throw new Unasked(lastLine(stderr));
  }
  return matches.map(({ vulnerability, artifact }) => ({
    id: vulnerability.id,
    what: `${artifact.name} ${artifact.version}`,
    fixedIn: vulnerability.fix.versions.at(0),
  }));
}

/** A simulated `apt-get upgrade`. apt exits with 0 even if it could not fetch a list. */
export function ofApt({ stdout, stderr }: Ended): Finding[] {
  const output = `${stdout}\n${stderr}`;
  const unfetched = /^(?:W: Failed|E: |Err:).*$/m.exec(output);
  if (unfetched !== null || !/^\d+ upgraded, /m.test(output)) {
    throw new Unasked(unfetched?.[0] ?? lastLine(output));
  }
  const upgrades = [...output.matchAll(/^Inst (\S+) \[(\S+)\] \((\S+) .*[Ss]ecurity/gm)];
  return upgrades.map(([, name = "", version = "", fixedIn]) => ({ id: `Debian-${name}`, what: `${name} ${version}`, fixedIn }));
}

/** The accepted advisories, ID -> reason, from lines of the form `ID reason`. */
export function readAccepted(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.split(" ")[0] ?? "", line.slice(line.indexOf(" ") + 1)]));
}

/**
 * The lines of the report on a source, and the number of its findings that are not accepted; undefined if it was not asked. Each
 * finding counts once.
 */
export function report(
  source: string,
  query: () => readonly Finding[],
  accepted: ReadonlyMap<string, string>,
): { readonly lines: readonly string[]; readonly known: number | undefined } {
  let findings: readonly Finding[];
  try {
    findings = query();
  } catch (error) {
    return { lines: [`${source}: NOT ASKED. ${reasonOf(error)}`], known: undefined };
  }
  const each = [...new Map(findings.map((finding) => [`${finding.id} ${finding.what}`, finding])).values()];
  const known = each.filter(({ id }) => !accepted.has(id)).length;
  const rest = each.length - known;
  const first = `${source}: ${known === 0 ? "nothing" : known} known${rest === 0 ? "" : `, ${rest} accepted`}.`;
  const lines = each.map(({ id, what, fixedIn }) => {
    const reason = accepted.get(id);
    return `  ${id}  ${what}, ${fixedIn === undefined ? "fixed nowhere" : `fixed in ${fixedIn}`}${reason === undefined ? "" : `; accepted: ${reason}`}`;
  });
  return { lines: [first, ...lines], known };
}

/** Why a source was not asked. Its trace is printed too, unless the cause is known. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Failure || error instanceof Unasked)) {
    console.error(error);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return reason === "" ? "a program for it could not be installed; its output is above" : reason;
}

function parsed(text: string): unknown {
  return tried<unknown>(() => JSON.parse(text));
}

/** The last line of a program's output, without colours. */
export function lastLine(text: string): string {
  return stripVTControlCharacters(text).trimEnd().split("\n").at(-1)?.trim() ?? "";
}
