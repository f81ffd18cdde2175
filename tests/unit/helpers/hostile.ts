import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";

import { Key } from "../../../config/schema";
import { ConfigError } from "../../../config/problem";
import { declarations } from "../../../testbed/stackConfig";
import { temporaryFolder } from "./folders";
import { told } from "./problems";

/** Values that mean something to a shell, a terminal, a file system, a parser, or to arithmetic. */
export const nasty: readonly string[] = [
  ..."$(touch canary)¦`touch canary`¦; touch canary;¦&& touch canary¦| touch canary¦> canary¦\n touch canary \n".split("¦"),
  ...`'; touch canary; '¦"; touch canary; "¦'¦"¦\\¦\\'¦!!¦*¦~¦$\{IFS}¦%s%n¦#¦-rf¦--help¦=¦:`.split("¦"),
  ..."../../etc/passwd¦..¦.¦/¦/etc/passwd¦/etc¦/proc/self/environ¦/dev/zero¦/dev/stdin¦file:///etc/passwd".split("¦"),
  ...["\0", "\u0007", "\u001b]0;title\u0007", "\u001b[2J", "\u007f", "\u0085", "\u009b31m", "\r", "\r\n", "\t", "\v", "\u2028"],
  ...[
    "\u202egnp.exe",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\u{e0041}",
    "\ud800",
    "\udc00",
    "\ud83d",
    "😀",
    "Ω≈ç",
    "e\u0301".repeat(50),
  ],
  ..."ﷺ¦0¦-0¦-1¦1.5¦1e3¦1e400¦0x10¦0b1¦00¦NaN¦Infinity¦999999999999999¦９¦١¦9999999999g¦999999999t".split("¦"),
  ..."999999999.9t¦0.0000001m¦-1g¦1,5g¦16385g¦65536¦10001¦true ¦TRUE¦null".split("¦"),
  ...["9".repeat(400), "a".repeat(10_000), "/".repeat(10_000), " ".repeat(10_000), "\n".repeat(10_000), "[".repeat(10_000)],
  ...["$(touch canary)".repeat(700), ""],
  ...`[]¦{}¦[[[[¦[1]¦[""]¦{"":""}¦{"__proto__":"x"}¦{"constructor":{"prototype":1}}¦{`.split("¦"),
  ..."http://a$(touch canary)¦https://[¦http://a\0b¦http://a/\u202e¦https://me:pw@h/';touch canary;'¦http://ü".split("¦"),
  ..."fe80::1%eth0¦::ffff:127.0.0.1¦127.1¦localhost¦255.255.255.256¦::¦0.0.0.0¦fe80::1%$(touch canary)".split("¦"),
];

/** A value with something nasty at one of its places: what is nearly right is what slips through. */
const spoilt = (good: string) =>
  fc
    .tuple(fc.constantFrom(...nasty), fc.nat({ max: good.length }))
    .map(([bad, place]) => `${good.slice(0, place)}${bad}${good.slice(place)}`);

/** Any characters, up to a number of them: as fc.string's unit "binary", which takes seconds to make a table of all of Unicode. */
export const anyText = (maxLength: number) =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength }).map((all) => String.fromCodePoint(...all)),
    },
    fc.constantFrom("__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "length", "then"),
  );

export const hostileText = fc.oneof(
  fc.constantFrom(...nasty),
  anyText(300),
  fc.string({ unit: fc.constantFrom("'", '"', "`", "$", "(", ")", "\\", "\n", ";", " ", "a", "\0", "\u202e"), maxLength: 60 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((codes) => String.fromCharCode(...codes)),
  fc.oneof(fc.integer(), fc.double(), fc.bigInt()).map(String),
);

/** Values that are right, for the keys whose default is not one to begin from. */
export const good: Partial<Record<Key, readonly string[]>> = {
  imageRegistry: ["registry.example.com:5000/team"],
  imageTag: ["v1"],
  registryUser: ["me"],
  pipIndexUrl: ["https://me:pw@pip.example.com/simple?a=b;c"],
  aptMirror: ["http://apt.example.com"],
  mavenMirror: ["https://maven.example.com/maven2"],
  goProxy: ["https://me:pw@go.example.com"],
  httpProxy: ["http://me:pw@proxy:3128"],
  noProxy: ["localhost,.example.com"],
  rebuild: ["2026-01-31"],
  bindAddress: ["127.0.0.1", "::1"],
  caCertificates: ["none"],
  extraPythonPackages: ['["delta-spark==4.4.0"]'],
  extraDebianPackages: ['["fonts-noto-cjk"]'],
  extraLabPackages: ['["jupyterlab-git==0.55.0"]'],
  extraJars: ['["org.postgresql:postgresql:42.7.7"]'],
};

/** Maps and lists with something hostile for a name or a value, as the CLI hands them over. */
const names = fc.constantFrom("jupyterlab", "sparkUi", "accessKey", "endpoint", "spark.x", "__proto__");
const hostileMap = fc.dictionary(fc.oneof(hostileText, names), hostileText, { maxKeys: 4 }).map((map) => JSON.stringify(map));
const hostileSetting = fc
  .tuple(fc.stringMatching(/^spark\.x[\w.-]{0,20}$/), hostileText)
  .map(([name, value]) => JSON.stringify({ [name]: value }));
const hostileList = fc
  .array(fc.oneof(hostileText, spoilt("delta-spark==4.4.0"), spoilt("org.postgresql:postgresql:42.7.7")), { maxLength: 4 })
  .map((list) => JSON.stringify(list));
const nested = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value));

/** What a person, or somebody who means harm, may have written for a key. */
export function hostileValue(key: Key): fc.Arbitrary<string> {
  const declared = declarations[key]?.default;
  const examples = good[key] ?? [typeof declared === "string" ? declared : JSON.stringify(declared)];
  return fc.oneof(
    hostileText,
    ...examples.map(spoilt),
    ...(typeof declared === "object" ? [hostileMap, hostileSetting, nested, hostileList] : []),
  );
}

/** Whether a text can be printed to a terminal: it obeys nothing in it, all of it is seen, and none of it is half a character. */
const isPrintable = (text: string) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);

export function expectReadable({ problems, message }: ConfigError): void {
  const texts = told(problems).flatMap(({ key, value, allowed, fix }) => [key, value, allowed, fix]);
  const unreadable = [
    ...texts.filter((text) => !isPrintable(text) || text.length > 2500),
    ...message.split("\n").filter((text) => !isPrintable(text)),
  ];
  expect(unreadable).toEqual([]);
  expect(message.length).toBeLessThan(5000 + 1000 * Math.min(problems.length, 100));
}

/** The commands of some texts that are one, and not a word to the reader. */
export const pastable = (fixes: Iterable<string>) => [...fixes].filter((fix) => !fix.startsWith("# "));

/**
 * Runs commands in a shell where `pulumi` notes what it is called with and nothing else can be run, and returns the calls. The folder
 * that they run in has to stay empty.
 */
export function pasted(commands: readonly string[]): string[][] {
  const folder = temporaryFolder();
  const [script, empty] = [join(folder, "script"), join(folder, "empty")];
  mkdirSync(empty);
  const stub = `PATH=/nowhere
    pulumi() { printf '%s\\0' "$@" END; }
    command_not_found_handle() { printf '%s\\0' "NOT PULUMI: $*" END; }`;
  writeFileSync(script, [stub, ...commands].join("\n"));
  const output = execFileSync("/bin/bash", [script], { cwd: empty, encoding: "utf8", timeout: 60_000, maxBuffer: 1 << 28 });
  expect(readdirSync(empty)).toEqual([]);
  return output
    .split("\0END\0")
    .slice(0, -1)
    .map((call) => call.split("\0"));
}
