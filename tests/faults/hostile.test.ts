import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { Result, run } from "../integration/helpers/run";
import { TestStack } from "../integration/helpers/testStack";

/** A file that a value makes if a shell gets to see it. */
const canary = "canary";
const touch = `touch ${canary}`;

/** What no key takes, for a good part of them. */
const hostile: Readonly<Record<string, unknown>> = {
  workers: `$(${touch})`,
  sessions: "9".repeat(400),
  workerCores: "-1",
  driverMemory: `\`${touch}\``,
  executorMemory: "1e400",
  eventLogRetention: "\u001b[2J",
  engine: `docker; ${touch}`,
  imageRegistry: `registry.example.com/$(${touch})`,
  imageTag: `v1;${touch}`,
  registryUser: `me\n${touch}`,
  baseImage: `debian:12; ${touch}`,
  rebuild: "a".repeat(10_000),
  caCertificates: "../../../../etc/passwd",
  tls: "../../../../etc",
  pipIndexUrl: `https://pip.example.com/';${touch};'`,
  httpProxy: `http://$(${touch}):3128`,
  noProxy: "\u202elocalhost",
  bindAddress: `0.0.0.0;${touch}`,
  tokenGeneration: `'; ${touch}; '`,
  extraPythonPackages: [`--index-url=https://example.com`, `name; ${touch}`],
  extraJars: [`../../../etc:passwd:1`, `a:b:$(${touch})`],
  ports: { jupyterlab: -1, sparkUi: `$(${touch})`, "x\ny": 1 },
  s3: { endpoint: "file:///etc/passwd", accessKey: "plain" },
  sparkProperties: {
    [`spark.x\nspark.authenticate`]: "false",
    "spark.master": "local",
    "spark.y": "two\nlines",
    [`$(${touch})`]: "x",
  },
  [`no;${touch}`]: "x",
  "../../workers": "x",
};

afterAll(() => TestStack.destroyAll());

describe("a stack's file that is full of hostile values", () => {
  let stack: TestStack;
  const file = () => join(stack.folder, `Pulumi.${stack.name}.yaml`);

  /** What the engine has of the stack. */
  async function made(): Promise<string> {
    const label = ["--filter", `label=spark-cluster.stack=${stack.name}`];
    const lists = [
      ["ps", "--all"],
      ["volume", "ls"],
      ["network", "ls"],
    ];
    return (await Promise.all(lists.map((list) => stack.ask(...list, "--quiet", ...label)))).join("").trim();
  }

  /** Every file of a name below a folder, without what the packages bring. */
  function filesCalled(name: string): string[] {
    return readdirSync(stack.folder, { recursive: true, encoding: "utf8" }).filter(
      (path) => !path.startsWith("node_modules") && path.split("/").at(-1) === name,
    );
  }

  beforeAll(async () => {
    stack = await TestStack.make();
    const written = parse(readFileSync(file(), "utf8")) as { config: Record<string, unknown> };
    const values: [string, unknown][] = Object.entries(hostile).map(([key, value]) => [`spark-cluster:${key}`, value]);
    writeFileSync(file(), stringify({ ...written, config: { ...written.config, ...Object.fromEntries<unknown>(values) } }));
  });

  test.each<[string, () => Promise<Result>]>([
    ["pulumi preview", () => stack.tryPulumi("preview")],
    ["pulumi up", () => stack.tryPulumi("up", "--yes")],
    ["make up", () => stack.make("up")],
  ])("ends %s with a message for every key, before anything is made", async (_command, act) => {
    const { code, output } = await act();
    expect(code).not.toBe(0);
    const told = (key: string) => output.includes(`  ${/^\w+$/.test(key) ? key : JSON.stringify(key)}`);
    const untold = Object.keys(hostile).filter((key) => !told(key));
    expect(untold).toEqual([]);
    expect(output).toMatch(/\d\d problems in the configuration of stack/);
    // eslint-disable-next-line no-control-regex -- a control character is what this looks for
    expect(output).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/);
    expect(output.length).toBeLessThan(30_000);
    expect(await made()).toBe("");
    expect(filesCalled(canary)).toEqual([]);
  });
});

test("a stack that has the name of a folder is refused by make, and no folder is touched", async () => {
  const stack = await TestStack.make();
  mkdirSync(join(stack.folder, ".build"), { recursive: true });
  const before = readdirSync(stack.folder).sort();
  for (const name of ["..", "../..", ".", "-x"]) {
    const { code, output } = await run("make", ["up", `STACK=${name}`], { cwd: stack.folder, env: stack.env, timeout: 300 });
    expect(code).not.toBe(0);
    expect(output).toContain("A stack's name begins with a letter or a digit");
  }
  expect(readdirSync(stack.folder).sort()).toEqual(before);
});
