import { stripVTControlCharacters } from "node:util";

/** Something known against what is pinned. */
export interface Finding {
  /** The advisory's id, by which tools/advisories-accepted.txt names it. */
  readonly id: string;
  /** The package and its version. */
  readonly what: string;
  /** Where it is mended, if it is anywhere. */
  readonly mended: string | undefined;
}

/** What a source of advisories said; or why it said nothing, which is no good news. */
export type Answer = { readonly findings: readonly Finding[] } | { readonly unasked: string };

/** How a scanner ended. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm audit --json`. It ends with 1 both when something is known and when npm does not answer. */
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
    // A word among them is the name of another package, which has an entry of its own.
    via.flatMap((advisory) =>
      typeof advisory === "string"
        ? []
        : [
            {
              id: advisory.url.split("/").at(-1) ?? advisory.url,
              what: `${name} ${advisory.range}`,
              mended: fixAvailable === false ? undefined : "a version that npm audit fix takes",
            },
          ],
    ),
  );
  return { findings };
}

/** `pip-audit --format json`. It passes over what it could not ask about, and ends well. */
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
    vulns.map(({ id, fix_versions: fixes }) => ({ id, what: `${name} ${version}`, mended: fixes.at(0) })),
  );
  return { findings };
}

/** `govulncheck -format json -scan package`: one JSON object after the other. What no package of ours imports is left out. */
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
            mended: message.finding.fixed_version,
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
    mended: vulnerability.fix.versions.at(0),
  }));
  return { findings };
}

/** A simulated `apt-get upgrade`. apt ends well too when it could fetch no list. */
export function ofApt({ stdout, stderr }: Ended): Answer {
  const output = `${stdout}\n${stderr}`;
  const unfetched = /^(?:W: Failed|E: |Err:).*$/m.exec(output);
  if (unfetched !== null || !/^\d+ upgraded, /m.test(output)) {
    return { unasked: unfetched?.[0] ?? lastLine(output) };
  }
  const upgrades = [...output.matchAll(/^Inst (\S+) \[(\S+)\] \((\S+) .*[Ss]ecurity/gm)];
  return {
    findings: upgrades.map(([, name = "", version = "", mended]) => ({
      id: `Debian-${name}`,
      what: `${name} ${version}`,
      mended,
    })),
  };
}

/** What was accepted, with the reason: a line each, `ID reason`. */
export function readAccepted(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.split(" ")[0] ?? "", line.slice(line.indexOf(" ") + 1)]));
}

/** All that several answers say, each finding once; not asked if one of them was not. */
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

/** The lines that tell of a source, and whether something is known that nobody has accepted. */
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
  const lines = answer.findings.map(({ id, what, mended }) => {
    const reason = accepted.get(id);
    return `  ${id}  ${what}, ${mended === undefined ? "mended nowhere" : `mended in ${mended}`}${reason === undefined ? "" : `; accepted: ${reason}`}`;
  });
  return { lines: [first, ...lines], known: open.length };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a program wrote last, without its colours. */
export function lastLine(text: string): string {
  return stripVTControlCharacters(text).trimEnd().split("\n").at(-1)?.trim() ?? "";
}
