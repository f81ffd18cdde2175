import { stripVTControlCharacters } from "node:util";

import { tried } from "../../engine/tried";

/** A known vulnerability of a pinned package. */
export interface Finding {
  /** The advisory's id, by which tools/checks/advisories-accepted.txt names it. */
  readonly id: string;
  /** The package and its version. */
  readonly what: string;
  /** The version that fixes it, if there is one. */
  readonly fixedIn: string | undefined;
}

/** The findings of a source of advisories, or why it could not be queried, which does not mean that there are none. */
export type Answer = { readonly findings: readonly Finding[] } | { readonly unasked: string };

/** The output of a scanner that has ended. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm audit --json`. Exits with 1 both for a known vulnerability and if npm's registry does not respond. */
export function ofNpm({ stdout, stderr }: Ended): Answer {
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
    return { unasked: report?.message ?? lastLine(stderr) };
  }
  const findings = Object.entries(report.vulnerabilities ?? {}).flatMap(([name, { via, fixAvailable }]) =>
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
  return { findings };
}

/** `pip-audit --format json`. Skips packages that it cannot query, and still exits with 0. */
export function ofPip({ stdout, stderr }: Ended): Answer {
  interface Package {
    readonly name: string;
    readonly version?: string;
    readonly skip_reason?: string;
    readonly vulns?: readonly { readonly id: string; readonly fix_versions: readonly string[] }[];
  }
  const packages = (parsed(stdout) as { readonly dependencies?: readonly Package[] } | undefined)?.dependencies;
  if (packages === undefined || packages.length === 0) {
    return { unasked: lastLine(stderr) };
  }
  const skipped = packages.flatMap((each) => each.skip_reason ?? []);
  if (skipped.length > 0) {
    return { unasked: `${skipped.length} of ${packages.length} packages were passed over: ${skipped[0] ?? ""}` };
  }
  const findings = packages.flatMap(({ name, version = "", vulns = [] }) =>
    vulns.map(({ id, fix_versions: fixes }) => ({ id, what: `${name} ${version}`, fixedIn: fixes.at(0) })),
  );
  return { findings };
}

/** `govulncheck -format json -scan package`: a sequence of JSON objects. Modules of which no package is imported are left out. */
export function ofGo({ stdout, stderr }: Ended): Answer {
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
    return { unasked: lastLine(stderr) };
  }
  const findings = messages.flatMap((message) => {
    const [found] = message?.finding?.trace ?? [];
    return message?.finding === undefined || found?.package === undefined
      ? []
      : [
          {
            id: message.finding.osv,
            what: found.module === "stdlib" ? `Go ${found.version ?? ""}` : `${found.module} ${found.version ?? ""}`,
            fixedIn: message.finding.fixed_version,
          },
        ];
  });
  return { findings };
}

/** `grype --only-fixed --output json`. */
export function ofGrype({ stdout, stderr }: Ended): Answer {
  interface Match {
    readonly vulnerability: { readonly id: string; readonly fix: { readonly versions: readonly string[] } };
    readonly artifact: { readonly name: string; readonly version: string };
  }
  const matches = (parsed(stdout) as { readonly matches?: readonly Match[] } | undefined)?.matches;
  if (matches === undefined) {
    return { unasked: lastLine(stderr) };
  }
  const findings = matches.map(({ vulnerability, artifact }) => ({
    id: vulnerability.id,
    what: `${artifact.name} ${artifact.version}`,
    fixedIn: vulnerability.fix.versions.at(0),
  }));
  return { findings };
}

/** A simulated `apt-get upgrade`. apt exits with 0 even if it could not fetch a list. */
export function ofApt({ stdout, stderr }: Ended): Answer {
  const output = `${stdout}\n${stderr}`;
  const unfetched = /^(?:W: Failed|E: |Err:).*$/m.exec(output);
  if (unfetched !== null || !/^\d+ upgraded, /m.test(output)) {
    return { unasked: unfetched?.[0] ?? lastLine(output) };
  }
  const upgrades = [...output.matchAll(/^Inst (\S+) \[(\S+)\] \((\S+) .*[Ss]ecurity/gm)];
  return {
    findings: upgrades.map(([, name = "", version = "", fixedIn]) => ({
      id: `Debian-${name}`,
      what: `${name} ${version}`,
      fixedIn,
    })),
  };
}

/** The accepted advisories, ID -> reason, from lines of the form `ID reason`. */
export function readAccepted(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.split(" ")[0] ?? "", line.slice(line.indexOf(" ") + 1)]));
}

/** Merges answers: each finding once; unasked if any of them is. */
export function together(answers: readonly Answer[]): Answer {
  const findings = new Map<string, Finding>();
  for (const answer of answers) {
    if ("unasked" in answer) {
      return answer;
    }
    answer.findings.forEach((finding) => findings.set(`${finding.id} ${finding.what}`, finding));
  }
  return { findings: [...findings.values()] };
}

/** The lines of the report on a source, and the number of its findings that are not accepted. */
export function report(
  source: string,
  answer: Answer,
  accepted: ReadonlyMap<string, string>,
): { readonly lines: readonly string[]; readonly known: number } {
  if ("unasked" in answer) {
    return { lines: [`${source}: NOT ASKED. ${answer.unasked}`], known: 0 };
  }
  const open = answer.findings.filter(({ id }) => !accepted.has(id));
  const rest = answer.findings.length - open.length;
  const first = `${source}: ${open.length === 0 ? "nothing" : open.length} known${rest === 0 ? "" : `, ${rest} accepted`}.`;
  const lines = answer.findings.map(({ id, what, fixedIn }) => {
    const reason = accepted.get(id);
    return `  ${id}  ${what}, ${fixedIn === undefined ? "fixed nowhere" : `fixed in ${fixedIn}`}${reason === undefined ? "" : `; accepted: ${reason}`}`;
  });
  return { lines: [first, ...lines], known: open.length };
}

function parsed(text: string): unknown {
  return tried<unknown>(() => JSON.parse(text));
}

/** The last line of a program's output, without colours. */
export function lastLine(text: string): string {
  return stripVTControlCharacters(text).trimEnd().split("\n").at(-1)?.trim() ?? "";
}
