import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "dot-properties";
import fc from "fast-check";

import { driverProperties } from "../../../components/properties";
import { tlsEnvironment } from "../../../components/tls";
import { ClusterConfig } from "../../../config/clusterConfig";
import { Key, keys } from "../../../config/keys";
import { ConfigError, Problem } from "../../../config/problem";
import { ConfigSource, readConfig } from "../../../config/reader";
import { portHolder } from "../../../engine/ports";
import { buildSecretsOf, writeBuildSecrets } from "../../../images/buildSecrets";
import { planImages } from "../../../images/plan";
import { engines } from "../helpers/engine";
import { enterProjectCopy, temporaryFolder } from "../helpers/folders";
import { declarations, mended, problemsOf, source, Written } from "../helpers/stackConfig";

/** What no value holds by chance: where it shows, a secret was shown. */
const canary = "hunter2-canary";

/** Values that mean something to a shell, a terminal, a file system, a parser, or to arithmetic. */
const nasty = [
  ...[
    "$(touch canary)",
    "`touch canary`",
    "; touch canary;",
    "&& touch canary",
    "| touch canary",
    "> canary",
    "\n touch canary \n",
  ],
  ...[
    "'; touch canary; '",
    '"; touch canary; "',
    "'",
    '"',
    "\\",
    "\\'",
    "!!",
    "*",
    "~",
    "${IFS}",
    "%s%n",
    "#",
    "-rf",
    "--help",
    "=",
    ":",
  ],
  ...[
    "../../etc/passwd",
    "..",
    ".",
    "/",
    "/etc/passwd",
    "/etc",
    "/proc/self/environ",
    "/dev/zero",
    "/dev/stdin",
    "file:///etc/passwd",
  ],
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
    "ﷺ",
  ],
  ...[
    "0",
    "-0",
    "-1",
    "1.5",
    "1e3",
    "1e400",
    "0x10",
    "0b1",
    "00",
    "NaN",
    "Infinity",
    "999999999999999",
    "9".repeat(400),
    "９",
    "١",
  ],
  ...[
    "9999999999g",
    "999999999t",
    "999999999.9t",
    "0.0000001m",
    "-1g",
    "1,5g",
    "16385g",
    "65536",
    "10001",
    "true ",
    "TRUE",
    "null",
  ],
  ...["a".repeat(10_000), "/".repeat(10_000), " ".repeat(10_000), "\n".repeat(10_000), "$(touch canary)".repeat(700), ""],
  ...[
    "[]",
    "{}",
    "[[[[",
    "[1]",
    '[""]',
    '{"":""}',
    '{"__proto__":"x"}',
    '{"constructor":{"prototype":1}}',
    "[".repeat(10_000),
    '"',
    "{",
  ],
  ...[
    "http://a$(touch canary)",
    "https://[",
    "http://a\u0000b",
    "http://a/\u202e",
    "https://me:pw@h/';touch canary;'",
    "http://ü",
  ],
  ...[
    "fe80::1%eth0",
    "::ffff:127.0.0.1",
    "127.1",
    "0",
    "localhost",
    "255.255.255.256",
    "::",
    "0.0.0.0",
    "fe80::1%$(touch canary)",
  ],
];

/** A value with something nasty at one of its places: what is nearly right is what slips through. */
const spoilt = (good: string) =>
  fc
    .tuple(fc.constantFrom(...nasty), fc.nat({ max: good.length }))
    .map(([bad, place]) => `${good.slice(0, place)}${bad}${good.slice(place)}`);

const hostileText = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: fc.constantFrom("'", '"', "`", "$", "(", ")", "\\", "\n", ";", " ", "a", "\0", "\u202e"), maxLength: 60 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((codes) => String.fromCharCode(...codes)),
  fc.oneof(fc.integer(), fc.double(), fc.bigInt()).map(String),
);

/** Values that are right, for the keys whose default is not one to begin from. */
const good: Partial<Record<Key, readonly string[]>> = {
  imageRegistry: ["registry.example.com:5000/team"],
  imageTag: ["v1"],
  registryUser: ["me"],
  pipIndexUrl: ["https://me:pw@pip.example.com/simple"],
  aptMirror: ["http://apt.example.com"],
  mavenMirror: ["https://maven.example.com/maven2"],
  httpProxy: ["http://me:pw@proxy:3128"],
  noProxy: ["localhost,.example.com"],
  rebuild: ["2026-01-31"],
  bindAddress: ["127.0.0.1", "::1"],
  caCertificates: ["none"],
  extraPythonPackages: ['["delta-spark==4.4.0"]'],
  extraJars: ['["org.postgresql:postgresql:42.7.7"]'],
};

/** Maps and lists with something hostile for a name or a value, as the CLI hands them over. */
const hostileMap = fc
  .dictionary(
    fc.oneof(hostileText, fc.constantFrom("jupyterlab", "sparkUi", "accessKey", "endpoint", "spark.x", "__proto__")),
    hostileText,
    {
      maxKeys: 4,
    },
  )
  .map((map) => JSON.stringify(map));
const hostileSetting = fc
  .tuple(fc.stringMatching(/^spark\.x[\w.-]{0,20}$/), hostileText)
  .map(([name, value]) => JSON.stringify({ [name]: value }));
const hostileList = (examples: readonly string[]) =>
  fc.array(fc.oneof(hostileText, ...examples.map((each) => spoilt(each))), { maxLength: 4 }).map((list) => JSON.stringify(list));
const nested = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value));

/** What a person, or somebody who means harm, may have written for a key. */
function written(key: Key): fc.Arbitrary<string> {
  const declared = declarations[key]?.default;
  const examples = good[key] ?? [typeof declared === "string" ? declared : JSON.stringify(declared)];
  return fc.oneof(
    hostileText,
    ...examples.map((example) => spoilt(example)),
    ...(typeof declared === "object"
      ? [hostileMap, hostileSetting, nested, hostileList(["delta-spark==4.4.0", "org.postgresql:postgresql:42.7.7"])]
      : []),
  );
}

/** What the reader makes of a config: values that it takes, or an error of its own and never another. */
function outcomeOf(given: ConfigSource): ClusterConfig | ConfigError {
  try {
    return readConfig(given);
  } catch (error) {
    if (error instanceof ConfigError) {
      return error;
    }
    throw error;
  }
}

/** Whether a text can be printed to a terminal: it obeys nothing in it, all of it is seen, and none of it is half a character. */
const isPrintable = (text: string) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);

function expectReadable(error: ConfigError): void {
  for (const { key, value, allowed, mend } of error.problems) {
    expect([key, value, allowed, mend].filter((text) => !isPrintable(text) || text.length > 2500)).toEqual([]);
  }
  expect(error.message.length).toBeLessThan(5000 + 1000 * Math.min(error.problems.length, 100));
  expect(error.message.split("\n").filter((text) => !isPrintable(text))).toEqual([]);
}

/**
 * Runs commands in a shell where `pulumi` notes what it is called with and nothing else can be run, and returns the calls. The folder
 * that they run in has to stay empty.
 */
function pasted(mends: readonly string[]): string[][] {
  const folder = temporaryFolder();
  const [script, empty] = [join(folder, "script"), join(folder, "empty")];
  mkdirSync(empty);
  const stub = `PATH=/nowhere
    pulumi() { printf '%s\\0' "$@" END; }
    command_not_found_handle() { printf '%s\\0' "NOT PULUMI: $*" END; }`;
  writeFileSync(script, [stub, ...mends].join("\n"));
  const output = execFileSync("/bin/bash", [script], { cwd: empty, encoding: "utf8", timeout: 60_000, maxBuffer: 1 << 28 });
  expect(readdirSync(empty)).toEqual([]);
  return output
    .split("\0END\0")
    .slice(0, -1)
    .map((call) => call.split("\0"));
}

/** The commands of a text that are one, and not a word to the reader. */
const commandsOf = (mends: Iterable<string>) => [...mends].filter((mend) => !mend.startsWith("# "));

const planned = new Map<string, readonly string[]>();

/** The arguments of all builds. The folders that are hashed for them are always the same. */
function buildArgsOf({ images }: ClusterConfig): readonly string[] {
  const key = JSON.stringify(images);
  const args = planned.get(key) ?? Object.values(planImages(images)).flatMap((image) => Object.values(image.buildArgs));
  planned.set(key, args);
  return args;
}

/** Nothing that a config may hold is executed, breaks a line or leaves its place on the way to the engine. */
function expectHarmless(config: ClusterConfig): void {
  const properties = parse(driverProperties(config, "http://localhost:8080", { rpcSecret: "s3cret" })) as Record<string, string>;
  expect(properties).toMatchObject(config.sparkProperties);
  expect(properties["spark.authenticate.secret"]).toBe("s3cret");
  const told = [
    ...buildArgsOf(config),
    ...Object.values(tlsEnvironment(config)),
    ...[config.bindAddress, config.tokenGeneration, config.secretGeneration, config.eventLogRetention],
    ...[config.supply.registry, config.supply.tag, config.supply.user, config.supply.password],
  ];
  expect(told.filter((text) => /[\p{Cc}\p{Cs}]/u.test(text))).toEqual([]);
  const named = [
    config.supply.registry,
    config.images.baseImage,
    ...config.images.extraPythonPackages,
    ...config.images.extraJars,
  ];
  expect(named.filter((text) => text.startsWith("-"))).toEqual([]);
  expect(holderOn(1, config.bindAddress)).toBeUndefined();
}

/** What a shell makes of the file that builds read. */
function asShellReads(config: ClusterConfig): string[] {
  writeBuildSecrets("hostile", config.packageSources);
  const file = buildSecretsOf("hostile")[1]?.src ?? "";
  const script = `. "$1"; printf '%s\\0' "\${PIP_INDEX_URL-}" "\${APT_MIRROR-}" "\${MAVEN_MIRROR-}" "\${http_proxy-}" "\${no_proxy-}"`;
  return execFileSync("sh", ["-c", script, "sh", `./${file}`], { encoding: "utf8", timeout: 10_000 })
    .split("\0")
    .slice(0, -1);
}

/** Who holds a port of this machine: one that nobody listens on, as a look at who it is takes long. */
const holderOn = portHolder({ publishedPorts: [] }, "unit", engines.docker.host);

const allKeys = Object.keys(keys) as Key[];

beforeAll(() => {
  enterProjectCopy();
});

test.each(allKeys)(
  "whatever is written for %s is taken as a harmless value, or refused with a message and a harmless command",
  (key) => {
    const mends = new Set<string>();
    fc.assert(
      fc.property(written(key), (text) => {
        const started = Date.now();
        const outcome = outcomeOf(source({ [key]: text }));
        expect(Date.now() - started).toBeLessThan(5000);
        if (outcome instanceof ConfigError) {
          expectReadable(outcome);
          outcome.problems.forEach((problem) => mends.add(problem.mend));
        } else {
          expectHarmless(outcome);
        }
      }),
      // Every nasty value once, and then as chance has it.
      { examples: nasty.map((text) => [text]), numRuns: nasty.length + 200 },
    );
    const commands = commandsOf(mends);
    const calls = pasted(commands);
    expect(calls.filter(([first, verb]) => first !== "config" || !["set", "rm"].includes(verb ?? ""))).toEqual([]);
    expect(calls).toHaveLength(commands.reduce((count, command) => count + command.split(" && pulumi ").length, 0));
  },
);

/** Every problem's command, one after the other as a person would, until there is none of this key; how many it took. */
function roundsToMend(key: Key, text: string): number {
  let left: Record<string, Written> = { [key]: text };
  for (let round = 0; round < 10; round++) {
    const problem = problemsOf(source(left)).find((each) => each.key === key);
    if (problem === undefined) {
      return round;
    }
    left = mended(left, problem.mend);
  }
  return Infinity;
}

// A name with its password wants a word that only the person knows.
const mendedByAWord = allKeys.filter((key) => typeof declarations[key]?.default === "string" && !key.startsWith("registry"));

test.each(mendedByAWord)("the command under a refused %s mends it, or leads to the one that does", (key) => {
  fc.assert(
    fc.property(written(key), (text) => {
      expect(roundsToMend(key, text)).toBeLessThanOrEqual(2);
    }),
    { numRuns: 200 },
  );
});

test.each(allKeys)("what is secret in %s is not shown", (key) => {
  const spoiltCanary = fc.oneof(
    fc.constantFrom(...nasty).map((bad) => `${canary}${bad}`),
    fc.constantFrom(...nasty).map((bad) => `${bad}${canary}`),
    ...["jupyterlab", "accessKey", "region", "spark.x", "spark.master"].map((name) =>
      fc.constantFrom(...nasty).map((bad) => JSON.stringify({ [name]: `${canary}${bad}` })),
    ),
    fc.constantFrom(...nasty).map((bad) => JSON.stringify([`${canary}${bad}`, `${canary} == 1`])),
    fc.constant(`${canary}:me`),
  );
  const isSecret = (name: string) => name === `spark-cluster:${key}`;
  fc.assert(
    fc.property(spoiltCanary, (text) => {
      const outcome = outcomeOf(source({ [key]: text }, { isSecret }));
      if (outcome instanceof ConfigError) {
        expect(outcome.message).not.toContain(canary);
      }
    }),
  );
});

test("names that no key has are refused in the same way, however they are called, and however many there are", () => {
  const mends = new Set<string>();
  fc.assert(
    fc.property(fc.uniqueArray(hostileText, { minLength: 1, maxLength: 3 }), (names) => {
      const unknown = names.filter((name) => !Object.hasOwn(keys, name));
      const outcome = outcomeOf(source(Object.fromEntries(unknown.map((name) => [name, canary]))));
      if (outcome instanceof ConfigError) {
        expectReadable(outcome);
        expect(outcome.problems).toHaveLength(unknown.length);
        expect(outcome.message).not.toContain(canary);
        outcome.problems.forEach((problem) => mends.add(problem.mend));
      } else {
        expect(unknown).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
  const calls = pasted(commandsOf(mends));
  expect(calls.map((call) => call.slice(0, 2))).toEqual(calls.map(() => ["config", "rm"]));
  expect(calls).toHaveLength(commandsOf(mends).length);
});

test("ten thousand wrong names in a map are told in a message that ends", () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`wrong ${index}`, "x"]));
  for (const key of ["ports", "sparkProperties", "s3", "placement", "sharedStorage"] as const) {
    const outcome = outcomeOf(source({ [key]: many }));
    expect(outcome).toBeInstanceOf(ConfigError);
    expectReadable(outcome as ConfigError);
    expect((outcome as ConfigError).message).toMatch(/1000\d problems[^]*\.\.\. and 990\d more/);
  }
});

test("all keys at once are told at once", () => {
  const hostile = Object.fromEntries(allKeys.map((key) => [key, "$(touch canary)\n\u001b[2J"]));
  const problems: readonly Problem[] = problemsOf(source(hostile));
  expect(new Set(problems.map(({ key }) => key))).toEqual(new Set(allKeys));
  expect(pasted(commandsOf(problems.map(({ mend }) => mend))).length).toBeGreaterThanOrEqual(allKeys.length);
});

test("numbers at their bounds are all counted with, and end in no other error, whatever the engine has", () => {
  const number = fc.constantFrom("1", "2", "9999", "10000", "10001", "999999999999999");
  const size = fc.constantFrom("64m", "450m", "512m", "16384g", "16385g", "999999999t");
  const numbers = fc.record({ workers: number, workerCores: number, executorCores: number, sessions: number });
  const sizes = fc.record({ workerMemory: size, executorMemory: size, driverMemory: size, pythonMemory: size, tmpMemory: size });
  const engine = fc.option(fc.record({ cpus: fc.integer({ min: 1, max: 512 }), memory: fc.integer({ min: 512, max: 1 << 22 }) }));
  const flags = fc.record({ sparkConnect: fc.constantFrom("true", "false") });
  fc.assert(
    fc.property(numbers, sizes, flags, engine, (some, others, more, engineSize) => {
      const outcome = outcomeOf(source({ ...some, ...others, ...more }, { size: engineSize ?? undefined }));
      if (outcome instanceof ConfigError) {
        expectReadable(outcome);
        expect(outcome.message).not.toMatch(/\d[eE]\+?\d|NaN|Infinity|undefined/);
      }
    }),
    { numRuns: 2000 },
  );
});

const sources = ["pipIndexUrl", "aptMirror", "mavenMirror", "httpProxy", "noProxy"] as const;

test.each(sources)("what a build reads of %s is what was written, for a shell as for the program", (key) => {
  jest.spyOn(process, "once").mockReturnValue(process); // the folder goes with the test's
  const [right = ""] = good[key] ?? [];
  const texts = nasty.flatMap((bad) => [bad, `${right}${bad}`, `${right.slice(0, 9)}${bad}${right.slice(9)}`]);
  const taken = [right, ...texts].filter((text) => problemsOf(source({ [key]: text })).length === 0);
  for (const text of new Set(taken)) {
    const config = readConfig(source({ [key]: text }));
    expect(asShellReads(config)).toEqual(sources.map((each) => config.packageSources[each]));
    expect(readFileSync(buildSecretsOf("hostile")[1]?.src ?? "", "utf8")).not.toMatch(/[^\n -~]/);
  }
});

test("a stack whose name is none for a file is refused before it names one", () => {
  fc.assert(
    fc.property(fc.oneof(hostileText, fc.constantFrom("..", ".", "-x", "_x", "a/b", "dev\n")), (stack) => {
      const outcome = outcomeOf(source({}, { stack }));
      if (outcome instanceof ConfigError) {
        expectReadable(outcome);
        expect(outcome.problems.map(({ key }) => key)).toEqual(["the stack's name"]);
      } else {
        expect(stack).toMatch(/^[A-Za-z0-9][\w.-]{0,99}$/);
      }
    }),
  );
  for (const stack of ["..", ".", "-x", "_x", "a/b"]) {
    expect(outcomeOf(source({}, { stack }))).toBeInstanceOf(ConfigError);
  }
});
