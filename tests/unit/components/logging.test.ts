import { parse } from "dot-properties";

import { driverLogging, loggingFile } from "../../../components/logging";
import { enterProjectCopy } from "../helpers/folders";
import { runCluster } from "../helpers/cluster";

beforeAll(() => {
  enterProjectCopy();
});

test("drivers log warnings, and of those that nobody can act on only errors", () => {
  const logging = parse(driverLogging()) as Record<string, string>;
  expect(logging).toMatchObject({ "rootLogger.level": "warn", "appender.stderr.target": "SYSTEM_ERR" });
  for (const [key, name] of Object.entries(logging).filter(([key]) => /^logger\..*\.name$/.test(key))) {
    expect(name).toMatch(/^org\.apache\./);
    expect(logging[key.replace(/name$/, "level")]).toBe("error");
  }
  expect(Object.values(logging)).toContain("org.apache.hadoop.util.NativeCodeLoader");
});

test("the settings lie where drivers look for them, and nobody else's log is concerned", async () => {
  const cluster = await runCluster();
  const filesOf = (part: string) => JSON.parse(String(cluster.get(`spark-${part}-config-volume`).inputs.files)) as object;
  expect(filesOf("driver")).toMatchObject({ [loggingFile]: driverLogging() });
  expect(filesOf("daemon")).not.toHaveProperty([loggingFile]);
});
