import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Failure } from "../../../tools/failure";
import { Finding, ofApt, ofGo, ofGrype, ofNpm, ofPip, readAccepted, report, Unasked } from "../../../tools/checks/advisories";

const said = (stdout: unknown, stderr = "") => ({
  stdout: typeof stdout === "string" ? stdout : JSON.stringify(stdout, null, 2),
  stderr,
});

test("npm audit names an advisory once, at the package that it is about, or knows of nothing", () => {
  expect(ofNpm(said({ auditReportVersion: 2, vulnerabilities: {} }))).toEqual([]);
  const url = "https://github.com/advisories/GHSA-1";
  const vulnerabilities = {
    tar: { via: [{ url, range: "<7.5.4" }], fixAvailable: true },
    pulumi: { via: ["tar"], fixAvailable: true },
    old: { via: [{ url: "https://github.com/advisories/GHSA-2", range: "*" }], fixAvailable: false },
  };
  expect(ofNpm(said({ auditReportVersion: 2, vulnerabilities }))).toEqual([
    { id: "GHSA-1", what: "tar <7.5.4", fixedIn: "a version that npm audit fix takes" },
    { id: "GHSA-2", what: "old *", fixedIn: undefined },
  ]);
});

describe("pip-audit", () => {
  const sound = { name: "six", version: "1.17.0", vulns: [] };

  test("names each advisory with the first version that fixes it", () => {
    const bad = { name: "tornado", version: "6.6.1", vulns: [{ id: "PYSEC-1", fix_versions: ["6.6.2", "7.0"] }] };
    expect(ofPip(said({ dependencies: [sound, bad] }))).toEqual([{ id: "PYSEC-1", what: "tornado 6.6.1", fixedIn: "6.6.2" }]);
    expect(ofPip(said({ dependencies: [sound] }))).toEqual([]);
  });

  test("a package that it passes over was not asked about, though it ends well", () => {
    const passed = { name: "pip", skip_reason: "Dependency not found on PyPI and could not be audited: pip (26.3)" };
    const ask = () => ofPip(said({ dependencies: [sound, passed] }, "No known vulnerabilities found"));
    expect(ask).toThrow(new Unasked(`1 of 2 packages were passed over: ${passed.skip_reason}`));
  });
});

const finding = (osv: string, trace: object, fixed_version?: string) =>
  JSON.stringify({ finding: { osv, fixed_version, trace: [trace] } }, null, 2);
const config = JSON.stringify({ config: {} }, null, 2);
const net = { module: "golang.org/x/net", version: "v0.57.0" };

test("govulncheck tells of the modules whose packages are in the program, and of no others", () => {
  const stream = [
    config,
    finding("GO-1", net, "v0.62.0"),
    finding("GO-1", { ...net, package: "golang.org/x/net/http2" }, "v0.62.0"),
    finding("GO-2", { module: "golang.org/x/crypto", version: "v0.1.0" }),
    finding("GO-3", { module: "stdlib", version: "v1.26.8", package: "net/http" }),
  ];
  expect(ofGo(said(stream.join("\n")))).toEqual([
    { id: "GO-1", what: "golang.org/x/net v0.57.0", fixedIn: "v0.62.0" },
    { id: "GO-3", what: "Go v1.26.8", fixedIn: undefined },
  ]);
  expect(ofGo(said(config))).toEqual([]);
});

test("grype names what has a fixed version", () => {
  const match = { vulnerability: { id: "CVE-1", fix: { versions: ["2"] } }, artifact: { name: "netty", version: "1" } };
  expect(ofGrype(said({ matches: [match] }))).toEqual([{ id: "CVE-1", what: "netty 1", fixedIn: "2" }]);
  expect(ofGrype(said({ matches: [] }))).toEqual([]);
});

test("apt tells of security updates, and of no others", () => {
  const words = [
    "2 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.",
    "Inst perl-base [5.36.0-7+deb12u3] (5.36.0-7+deb12u4 Debian-Security:12/oldstable-security [amd64])",
    "Inst nano [7.2-1] (7.2-2 Debian:12.15/oldstable [amd64])",
  ];
  const upgrade = { id: "Debian-perl-base", what: "perl-base 5.36.0-7+deb12u3", fixedIn: "5.36.0-7+deb12u4" };
  expect(ofApt(said(words.join("\n")))).toEqual([upgrade]);
});

const upgraded = "2 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.";
const scanning = JSON.stringify({ config: { scan_level: "package" } }, null, 2);

test.each<[string, (ended: ReturnType<typeof said>) => Finding[], unknown, string, string]>([
  [
    "npm: a registry without advisories",
    ofNpm,
    { message: "405 Method Not Allowed", statusCode: 405 },
    "",
    "405 Method Not Allowed",
  ],
  ["npm: no client", ofNpm, "", "spawnSync npm ENOENT", "spawnSync npm ENOENT"],
  ["pip-audit: an empty answer", ofPip, { dependencies: [] }, "x", "x"],
  ["pip-audit: none", ofPip, "", "Traceback\nConnectionError", "ConnectionError"],
  ["Go: no database, though it has begun to write", ofGo, scanning, "fetching: no such host\n", "fetching: no such host"],
  ["Go: none", ofGo, "", "spawnSync ENOENT", "spawnSync ENOENT"],
  [
    "grype: no database, in its words without their colours",
    ofGrype,
    "",
    "WARN\n\u001b[31mfailed to load\u001b[0m\n",
    "failed to load",
  ],
  ["apt: a list that could not be fetched, though it goes on", ofApt, `Err:1 http://x\n${upgraded}`, "", "Err:1 http://x"],
  ["apt: a warning of the same", ofApt, `W: Failed to fetch http://x\n${upgraded}`, "", "W: Failed to fetch http://x"],
  ["apt: an error", ofApt, `E: Unable to locate package x\n${upgraded}`, "", "E: Unable to locate package x"],
  ["apt: an engine that did not run it", ofApt, "", "docker: Error response", "docker: Error response"],
])("no good news is %s", (_, findingsOf, stdout, stderr, unasked) => {
  expect(() => findingsOf(said(stdout, stderr))).toThrow(new Unasked(unasked));
});

test("a report counts what nobody has accepted once, shows the rest, and says aloud that a source was not asked", () => {
  const findings = [
    { id: "GO-1", what: "a 1", fixedIn: "2" },
    { id: "GO-2", what: "b 1", fixedIn: undefined },
  ];
  const accepted = readAccepted("# why\nGO-2 not ours, by far\n\n");
  expect(report("Go", () => [...findings, ...findings], accepted)).toEqual({
    lines: ["Go: 1 known, 1 accepted.", "  GO-1  a 1, fixed in 2", "  GO-2  b 1, fixed nowhere; accepted: not ours, by far"],
    known: 1,
  });
  expect(report("Go", () => [], accepted)).toEqual({ lines: ["Go: nothing known."], known: 0 });
  const refuse = (error: Error) => () => {
    throw error;
  };
  expect(report("npm", refuse(new Unasked("405")), accepted)).toEqual({ lines: ["npm: NOT ASKED. 405"], known: undefined });
  expect(report("npm", refuse(new Failure("")), accepted).lines[0]).toContain("a program for it could not be installed");
});

test("each accepted advisory has a reason", () => {
  const accepted = readAccepted(readFileSync(join(__dirname, "../../../tools/checks/advisories-accepted.txt"), "utf8"));
  expect(accepted.size).toBeGreaterThan(0);
  for (const [id, reason] of accepted) {
    expect(id).toMatch(/^[A-Z]+-[\w-]+$/);
    expect(reason.length).toBeGreaterThan(20);
  }
});
