import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { environmentFile, sessionEnvironment, sessionSize } from "../../../spark/sessionSize";
import { clusterConfig } from "../../../testbed/stackConfig";
import { temporaryFolder, write } from "../helpers/folders";
import { node, onNfs, onSwarm, swarmOf, swarmRead } from "../helpers/swarm";

test.each([
  { workers: "1", cores: "1", partitions: "8" },
  { workers: "3", cores: "1", partitions: "12" },
  { workers: "16", cores: "8", partitions: "512" },
])("a session with an executor of $cores cores on each of $workers workers shuffles into $partitions parts", (each) => {
  const config = clusterConfig({
    workers: each.workers,
    executorCores: each.cores,
    workerCores: String(2 * Number(each.cores)),
  });
  expect(sessionSize(config.sizes)).toEqual({
    "spark.cores.max": String(Number(each.workers) * Number(each.cores)),
    "spark.sql.shuffle.partitions": each.partitions,
  });
  expect(sessionEnvironment(config)).toEqual({});
});

describe("on a swarm", () => {
  const config = clusterConfig({ ...onSwarm, ...onNfs }, swarmRead(swarmOf(node("a"))));

  /** What the file adds to Java's options, where the master tells what is given; nothing for one that does not answer. */
  function optionsWith(told: unknown): string {
    const folder = temporaryFolder();
    const fake = [
      "#!/usr/bin/python3",
      "import io, sys, urllib.request",
      "def urlopen(*_, **__):",
      told === undefined ? "    raise OSError" : `    return io.BytesIO(${JSON.stringify(JSON.stringify(told))}.encode())`,
      "urllib.request.urlopen = urlopen",
      "exec(sys.argv[2])",
    ];
    write(join(folder, "python3"), fake.join("\n"), 0o755);
    write(join(folder, environmentFile), sessionEnvironment(config)[environmentFile] ?? "");
    const env = { PATH: `${folder}:/usr/bin:/bin`, SPARK_SUBMIT_OPTS: "-Dgiven=1" };
    const command = `set -a; . ${join(folder, environmentFile)}; printenv SPARK_SUBMIT_OPTS`;
    const { stdout } = spawnSync("bash", ["-c", command], { env, encoding: "utf8" });
    return stdout.trim();
  }

  test("no file tells it, so that none changes with the number of workers", () => {
    expect(sessionEnvironment({ ...config, sizes: { ...config.sizes, workers: 9 } })).toEqual(sessionEnvironment(config));
  });

  test("a driver asks the master for it when it starts", () => {
    const workers = ["ALIVE", "ALIVE", "DEAD", "ALIVE"].map((state) => ({ state }));
    expect(optionsWith({ workers })).toBe("-Dgiven=1 -Dspark.cores.max=3 -Dspark.sql.shuffle.partitions=12");
  });

  test.each([[undefined], [{ workers: [] }]])("without an answer, or a worker, it is what one worker has: %j", (told) => {
    expect(optionsWith(told)).toBe("-Dgiven=1 -Dspark.cores.max=1 -Dspark.sql.shuffle.partitions=8");
  });
});
