import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { run } from "../../testbed/run";
import { Life } from "../helpers/life";

/** A file that a value makes if a shell gets to see it. */
const canary = "canary";
const touch = `touch ${canary}`;

/** Values that no key takes, for a good part of the keys. */
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

/** The canaries below a folder, without those of packages. */
function canaries(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => !path.startsWith("node_modules") && path.split("/").at(-1) === canary,
  );
}

/** Hostile values and names, for a stack that is not up yet. */
export function hostileConfig(life: Life): void {
  life.step("pulumi preview and make up end with a message for every hostile key, before anything is made", async (stack) => {
    const text = readFileSync(stack.file, "utf8");
    const written = parse(text) as { config: Record<string, unknown> };
    const values = Object.entries(hostile).map(([key, value]): [string, unknown] => [`spark-cluster:${key}`, value]);
    writeFileSync(stack.file, stringify({ ...written, config: { ...written.config, ...Object.fromEntries(values) } }));
    for (const act of [() => stack.tryPulumi("preview"), () => stack.make("up")]) {
      const { code, output } = await act();
      expect(code).not.toBe(0);
      const named = (key: string) => output.includes(`  ${/^\w+$/.test(key) ? key : JSON.stringify(key)}`);
      expect(Object.keys(hostile).filter((key) => !named(key))).toEqual([]);
      expect(output).toMatch(/\d\d problems in the configuration of stack/);
      // eslint-disable-next-line no-control-regex -- a control character is what this looks for
      expect(output).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/);
      expect(output.length).toBeLessThan(30_000);
      const made = ["ps --all", "volume ls", "network ls"].map((list) => stack.listed(list));
      expect((await Promise.all(made)).flat()).toEqual([]);
      expect(canaries(stack.folder)).toEqual([]);
    }
    writeFileSync(stack.file, text);
  });

  life.step("make refuses a stack that has the name of a folder, and touches no folder", async (stack) => {
    mkdirSync(join(stack.folder, ".build"), { recursive: true });
    const before = readdirSync(stack.folder).sort();
    for (const name of ["..", "../..", ".", "-x"]) {
      const { code, output } = await run("make", ["up", `STACK=${name}`], { cwd: stack.folder, env: stack.env, timeout: 300 });
      expect(code).not.toBe(0);
      expect(output).toContain("A stack's name begins with a letter or a digit");
    }
    expect(readdirSync(stack.folder).sort()).toEqual(before);
  });
}
