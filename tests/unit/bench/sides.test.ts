import { readdirSync } from "node:fs";
import { join } from "node:path";

import { choose } from "../../../bench/harness/choice";
import { measurements } from "../../../bench/measurements";
import { megabytes } from "../../../bench/sides/containerMemory";
import { localProperties } from "../../../bench/sides/localProperties";
import { pinsOf } from "../../../bench/sides/pins";
import { uniqueBytes } from "../../../bench/sides/uniqueBytes";
import { Answers, firstSample, Report, warmSample } from "../../../bench/tables/queries";
import { driverProperties } from "../../../spark/properties";
import { clusterConfig } from "../../../testbed/stackConfig";

test("a lock file's pins, without hashes and remarks", () => {
  const lock = "numpy==2.4.6 \\\n    --hash=sha256:00\n    # via pandas\npyspark[connect]==4.1.4 \\\n    --hash=sha256:11\n";
  expect(pinsOf(lock)).toBe("numpy==2.4.6\npyspark[connect]==4.1.4\n");
});

test("layers that several images have count once", () => {
  const base = { layers: ["a"], bytes: 100 };
  const spark = { layers: ["a", "b"], bytes: 150 };
  const worker = { layers: ["a", "b", "c"], bytes: 151 };
  const master = { layers: ["a", "b", "d"], bytes: 152 };
  expect(uniqueBytes([worker, base, master, spark])).toBe(153);
  expect(uniqueBytes([spark, { layers: ["x"], bytes: 7 }])).toBe(157);
});

test("memory in use, and an amount that is none", () => {
  const usages = { "205.3MiB / 1.25GiB": 215.27, "1.5GiB / 2GiB": 1610.61, "900KiB / 1GiB": 0.92, "12B / 1GiB": 0 };
  for (const [usage, expected] of Object.entries(usages)) {
    expect(megabytes(usage)).toBeCloseTo(expected, 1);
  }
  expect(() => megabytes("-- / --")).toThrow("not an amount");
});

test("local Spark has the cluster's settings, the heap of all its session, and nothing that needs a cluster", () => {
  const config = clusterConfig({ sparkProperties: { "spark.sql.shuffle.partitions": "4" } });
  const text = localProperties(driverProperties(config, "http://localhost:8080", { rpcSecret: "a secret" }));
  expect(text).toMatch(/^spark\.master = local\[2\]$/m);
  expect(text).toContain("spark.driver.memory = 2048m\n");
  expect(text).toContain("spark.sql.shuffle.partitions = 4\n");
  expect(text).toContain("spark.eventLog.enabled = true\n");
  expect(text).not.toMatch(/a secret|authenticate|executor|cores\.max|reverseProxy|driver\.host/);
});

test("there are 22 queries", () => {
  const files = readdirSync(join(__dirname, "../../../bench/queries")).filter((file) => file.endsWith(".sql"));
  expect(files.sort()).toEqual(Array.from({ length: 22 }, (_, index) => `q${String(index + 1).padStart(2, "0")}.sql`));
});

describe("the queries' times", () => {
  const report = (rest: Partial<Report> = {}): Report => ({
    registering: 1,
    seconds: { q01: [5, 2, 3], q02: [7, 4, 1] },
    answers: { q01: "4 aa", q02: "1 bb" },
    lost: 0,
    ...rest,
  });

  test("warm are the best after the first round", () => {
    expect(warmSample(report())).toMatchObject({ value: 3, beside: { "s of the first round": 12 } });
  });

  test("first are those of the first round, with the tables' registration", () => {
    expect(firstSample(report()).value).toBe(13);
  });

  test("count only where all answers are the same", () => {
    const answers = new Answers();
    expect(answers.compare(report())).toEqual(report());
    expect(answers.compare(report({ registering: 9 }))).toEqual(report({ registering: 9 }));
    expect(() => answers.compare(report({ answers: { q01: "4 aa", q02: "1 cc" } }))).toThrow("q02 1 cc, not 1 bb");
    expect(() => answers.compare(report({ answers: { q01: "4 aa" } }))).toThrow("q02 nothing, not 1 bb");
  });
});

describe("what is asked for", () => {
  const names = (...args: string[]) => choose(args, measurements).measurements.map(({ name }) => name);

  test("nothing is everything, each under a name of its own", () => {
    const all = names("");
    expect(all).toEqual(measurements.map(({ name }) => name));
    expect(new Set(all).size).toBe(all.length);
  });

  test("names are one or some, in the order of the table", () => {
    expect(names("session")).toEqual(["session"]);
    expect(names("session, registered")).toEqual(["registered", "session"]);
  });

  test("words beside them", () => {
    expect(choose(["session --pairs 2 --write"], measurements)).toMatchObject({ pairs: 2, write: true });
    expect(choose([], measurements)).toMatchObject({ pairs: undefined, write: false });
  });

  test.each(["sesion", "$(touch canary)", "--pairs", "--pairs none", "--pairs 0", "--other"])("%j is told of", (words) => {
    expect(() => choose([words], measurements)).toThrow("There are: registered first-job");
  });
});
