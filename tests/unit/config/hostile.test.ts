import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { parse } from "dot-properties";
import fc from "fast-check";

import { driverProperties } from "../../../spark/properties";
import { tlsEnvironment } from "../../../roles/jupyterlab/tls";
import { ClusterConfig } from "../../../config/clusterConfig";
import { ConfigError } from "../../../config/problem";
import { readConfig } from "../../../config/reader";
import { Key, keys, schema } from "../../../config/schema";
import { portHolder } from "../../../engine/ports";
import { buildSecretsOf, writeBuildSecrets } from "../../../images/buildSecrets";
import { planImages } from "../../../images/plan";
import { engines } from "../../../testbed/engines/socketsOfRoot";
import { declarations, source, Written } from "../../../testbed/stackConfig";
import { enterProjectCopy } from "../helpers/folders";
import { pastable, expectReadable, good, hostileText, hostileValue, nasty, pasted } from "../helpers/hostile";
import { errorOf, fixed, outcomeOf, problemsOf, told } from "../helpers/problems";

/** What no value holds by chance: where it shows, a secret was shown. */
const canary = "hunter2-canary";

/** What is made of a value, once for each: the same folders are hashed for each plan, and the same tables read for each port. */
function once<T>(make: (config: ClusterConfig) => T, keyOf: (config: ClusterConfig) => unknown): (config: ClusterConfig) => T {
  const made = new Map<string, T>();
  return (config) => {
    const key = JSON.stringify(keyOf(config));
    const value = made.has(key) ? (made.get(key) as T) : make(config);
    made.set(key, value);
    return value;
  };
}

/** The arguments of all builds. */
const buildArgsOf = once(
  ({ images }) => Object.values(planImages(images)).flatMap((image) => Object.values(image.buildArgs)),
  ({ images }) => images,
);
/** Who holds a port of this machine: one that nobody listens on, as a look at who it is takes long. */
const portHolderOf = once(
  ({ bindAddress }) => portHolder({ publishedPorts: [], users: "same" }, "unit", engines.docker.host)(1, bindAddress),
  ({ bindAddress }) => bindAddress,
);

/** Nothing that a config may hold is executed, breaks a line or leaves its place on the way to the engine. */
function expectHarmless(config: ClusterConfig): void {
  const { supply, images } = config;
  const properties = parse(driverProperties(config, "http://localhost:8080", { rpcSecret: "s3cret" }));
  expect(properties).toMatchObject({ ...config.sparkProperties, "spark.authenticate.secret": "s3cret" });
  const told = [
    ...buildArgsOf(config),
    ...Object.values(tlsEnvironment(config)),
    ...[config.bindAddress, config.tokenGeneration, config.secretGeneration, config.eventLogRetention],
    ...[supply.registry, supply.tag, supply.user, supply.password],
  ];
  const { extraPythonPackages, extraDebianPackages, extraLabPackages, extraJars } = images;
  const named = [
    supply.registry,
    images.baseImage,
    ...extraPythonPackages,
    ...extraDebianPackages,
    ...extraLabPackages,
    ...extraJars,
  ];
  const harmful = [...told.filter((text) => /[\p{Cc}\p{Cs}]/u.test(text)), ...named.filter((text) => text.startsWith("-"))];
  expect([harmful, portHolderOf(config)]).toEqual([[], undefined]);
}

beforeAll(() => {
  enterProjectCopy();
});

test.each(keys)(
  "whatever is written for %s is taken as a harmless value, or refused with a message and a harmless command",
  (key) => {
    const fixes = new Set<string>();
    fc.assert(
      fc.property(hostileValue(key), (text) => {
        const started = Date.now();
        const outcome = outcomeOf(source({ [key]: text }));
        expect(Date.now() - started).toBeLessThan(5000);
        if (outcome instanceof ConfigError) {
          expectReadable(outcome);
          told(outcome.problems).forEach(({ fix }) => fixes.add(fix));
        } else {
          expectHarmless(outcome);
        }
      }),
      // Every nasty value once, and then as chance has it.
      { examples: nasty.map((text) => [text]), numRuns: nasty.length + 200 },
    );
    const commands = pastable(fixes);
    const calls = pasted(commands);
    const isHarmless = ([first = "", verb = ""]: string[]) =>
      (first === "config" && ["set", "rm"].includes(verb)) || first.startsWith("NOT PULUMI: mkdir -p /");
    expect(calls.filter((call) => !isHarmless(call))).toEqual([]);
    expect(calls).toHaveLength(commands.reduce((count, command) => count + command.split(" && pulumi ").length, 0));
  },
);

/** Every problem's command, one after the other as a person would, until there is none of this key; how many it took. */
function roundsToFix(key: Key, text: string): number {
  let left: Record<string, Written> = { [key]: text };
  for (let round = 0; round < 10; round++) {
    const problem = problemsOf(source(left)).find((each) => each.key === key);
    if (problem === undefined) {
      return round;
    }
    left = fixed(left, problem.fix);
  }
  return Infinity;
}

// A name with its password wants a word that only the person knows, a folder is made by another command.
const fixedByAWord = keys.filter(
  (key) => typeof declarations[key]?.default === "string" && !key.startsWith("registry") && key !== "workspaceFolder",
);

test.each(fixedByAWord)("the command under a refused %s fixes it, or leads to the one that does", (key) => {
  fc.assert(
    fc.property(hostileValue(key), (text) => {
      expect(roundsToFix(key, text)).toBeLessThanOrEqual(2);
    }),
    { numRuns: 200 },
  );
});

test.each(keys)("what is secret in %s is not shown", (key) => {
  const bad = fc.constantFrom(...nasty);
  const spoiltCanary = fc.oneof(
    bad.map((each) => `${canary}${each}`),
    bad.map((each) => `${each}${canary}`),
    ...["jupyterlab", "accessKey", "region", "spark.x", "spark.master", "worker", "nfs", "unheardOf"].map((name) =>
      bad.map((each) => JSON.stringify({ [name]: `${canary}${each}` })),
    ),
    bad.map((each) => JSON.stringify([`${canary}${each}`, `${canary} == 1`])),
    fc.constantFrom(`${canary}:me`, `http://me:${canary} @proxy`, `ftp://me:${canary}@pip.example.com`, `/no/such/${canary}`),
  );
  const isSecret = (name: string) => name === `spark-cluster:${key}`;
  fc.assert(
    fc.property(spoiltCanary, (text) => {
      expect(errorOf(source({ [key]: text }, { isSecret }))?.message ?? "").not.toContain(canary);
    }),
  );
});

test("names that no key has are refused in the same way, however they are called, and however many there are", () => {
  const fixes = new Set<string>();
  fc.assert(
    fc.property(fc.uniqueArray(hostileText, { minLength: 1, maxLength: 3 }), (names) => {
      const unknown = names.filter((name) => !Object.hasOwn(schema, name));
      const outcome = outcomeOf(source(Object.fromEntries(unknown.map((name) => [name, canary]))));
      if (outcome instanceof ConfigError) {
        expectReadable(outcome);
        expect(outcome.problems).toHaveLength(unknown.length);
        expect(outcome.message).not.toContain(canary);
        told(outcome.problems).forEach(({ fix }) => fixes.add(fix));
      } else {
        expect(unknown).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
  const calls = pasted(pastable(fixes));
  expect(calls.map((call) => call.slice(0, 2))).toEqual(calls.map(() => ["config", "rm"]));
  expect(calls).toHaveLength(pastable(fixes).length);
});

test("ten thousand wrong names in a map are told in a message that ends", () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`wrong ${index}`, "x"]));
  for (const key of ["ports", "sparkProperties", "s3", "placement", "sharedStorage"] as const) {
    const error = errorOf(source({ [key]: many }))!;
    expectReadable(error);
    expect(error.message).toMatch(/1000\d problems[^]*\.\.\. and 990\d more/);
  }
});

test("all keys at once are told at once", () => {
  const hostile = Object.fromEntries(keys.map((key) => [key, "$(touch canary)\n\u001b[2J"]));
  const problems = problemsOf(source(hostile));
  expect(new Set(problems.map(({ key }) => key))).toEqual(new Set(keys));
  expect(pasted(pastable(problems.map(({ fix }) => fix))).length).toBeGreaterThanOrEqual(keys.length);
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

const sources = ["pipIndexUrl", "aptMirror", "mavenMirror", "goProxy", "httpProxy", "noProxy"] as const;

test.each(sources)("what a build reads of %s is what was written, for a shell as for the program", (key) => {
  jest.spyOn(process, "once").mockReturnValue(process); // the folders go with the test's
  const [right = ""] = good[key] ?? [];
  const texts = nasty.flatMap((bad) => [bad, `${right}${bad}`, `${right.slice(0, 9)}${bad}${right.slice(9)}`]);
  const taken = [...new Set([right, ...texts])].filter((text) => problemsOf(source({ [key]: text })).length === 0);
  const written = taken.map((text, index) => {
    const { packageSources, images } = readConfig(source({ [key]: text }));
    const stack = `${key}-${index}`;
    writeBuildSecrets(stack, { packageSources, images });
    return { file: buildSecretsOf(stack)[1]?.src ?? "", packageSources };
  });
  const variables = ["PIP_INDEX_URL", "APT_MIRROR", "MAVEN_MIRROR", "GOPROXY", "http_proxy", "no_proxy", "https_proxy"];
  const print = `printf '%s\\0' ${variables.map((name) => `"\${${name}-}"`).join(" ")}`;
  const script = `unset ${variables.join(" ")}; for file; do ( . "./$file"; ${print} ); done`;
  const files = written.map(({ file }) => file);
  const read = execFileSync("sh", ["-c", script, "sh", ...files], { encoding: "utf8", timeout: 30_000 })
    .split("\0")
    .slice(0, -1);
  expect(read).toEqual(
    written.flatMap(({ packageSources }) => [...sources, "httpProxy" as const].map((each) => packageSources[each])),
  );
  expect(files.map((file) => readFileSync(file, "utf8")).join("")).not.toMatch(/[^\n -~]/);
});

test("a stack whose name is none for a file is refused before it names one", () => {
  const wrong = ["..", ".", "-x", "_x", "a/b"];
  fc.assert(
    fc.property(fc.oneof(hostileText, fc.constantFrom(...wrong, "dev\n")), (stack) => {
      const outcome = outcomeOf(source({}, { stack }));
      if (outcome instanceof ConfigError) {
        expectReadable(outcome);
        expect(outcome.problems.map(({ key }) => key)).toEqual(["the stack's name"]);
      } else {
        expect(stack).toMatch(/^[A-Za-z0-9][\w.-]{0,99}$/);
      }
    }),
  );
  expect(wrong.filter((stack) => errorOf(source({}, { stack })) === undefined)).toEqual([]);
});
