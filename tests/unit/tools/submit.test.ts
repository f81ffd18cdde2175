import childProcess from "node:child_process";
import { existsSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import * as cli from "../../../engine/cli";
import { workspacePath } from "../../../spark/properties";
import { engines } from "../../../testbed/engines/socketsOfRoot";
import { Submission, submit } from "../../../tools/commands/submit";
import * as programs from "../../../tools/programs";
import * as containers from "../../../tools/stack/containers";
import * as opened from "../../../tools/stack/openStack";
import { temporaryFolder, write } from "../helpers/folders";

const job: Submission = { app: "/opt/workspace/job.py", main: "", args: ["one"], options: [], env: [] };

/** The command that a submission becomes. */
async function become(kind: keyof typeof engines, submission: Partial<Submission>) {
  jest.spyOn(opened, "openStack").mockResolvedValue({ engine: engines[kind] } as opened.OpenStack);
  jest.spyOn(containers, "runningContainer").mockReturnValue("lab");
  const become = jest.spyOn(programs, "becomeProgram").mockResolvedValue();
  await submit("dev", { ...job, ...submission });
  return become.mock.calls[0]?.[0].join(" ");
}

describe.each(["docker", "podman"] as const)("on %s", (kind) => {
  test("the application gets variables of the shell, and no value is in the command line", async () => {
    jest.replaceProperty(process, "env", { ...process.env, DB_PASSWORD: "secret", EMPTY: "" });
    const command = await become(kind, { env: ["DB_PASSWORD", "EMPTY"] });
    expect(command).toMatch(
      / exec --interactive --env DB_PASSWORD --env EMPTY lab run-app \S+ \/opt\/workspace\/job\.py {2}0 one$/,
    );
    expect(command).not.toContain("secret");
  });
});

test.each([
  ["NOWHERE_SET", "ENV names NOWHERE_SET, which is not set in this shell, or not exported."],
  ["DB_PASSWORD=secret", 'ENV takes names of environment variables, and not "DB_PASSWORD=..."'],
  ["1A", "ENV takes names"],
  ["", "ENV takes names"],
  ["--privileged", "ENV takes names"],
])("the variable %j is refused before the stack is opened", async (name, message) => {
  const open = jest.spyOn(opened, "openStack");
  const refused = submit("dev", { ...job, env: [name] });
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.not.toThrow("secret");
  expect(open).not.toHaveBeenCalled();
});

test("what is refused names what works", async () => {
  await expect(submit("dev", { ...job, options: ["--num-executors", "1"] })).rejects.toThrow("Use --conf spark.cores.max=N");
});

describe("files of this machine", () => {
  let folder: string;

  beforeEach(() => {
    folder = join(temporaryFolder(), "it's [a] folder");
    jest.replaceProperty(process, "env", { ...process.env, CALLED_FROM: folder, STARTED_IN: join(folder, "checkout") });
    ["job.py", "job.R", "a.jar", "b.jar", "libs/one.zip", "libs/two.zip", "jobs/main.py", "checkout/old.py"].forEach((file) => {
      write(join(folder, file), "");
    });
  });

  /** A client of an engine that runs in this machine's folder what it is to run in the container. */
  const here = () => {
    const inside = join(folder, "container");
    const paths = (words: readonly string[]) =>
      words.map((word) => word.replaceAll(workspacePath, inside)) as [string, ...string[]];
    jest
      .spyOn(cli, "clientCommand")
      .mockImplementation((_engine, ...words) =>
        words.includes("run-app") ? ["run", ...words] : paths(words.slice(words.indexOf("lab") + 1)),
      );
    return join(inside, ".spark-cluster/temporary/jupyterlab");
  };
  const filesIn = (copies: string) =>
    readdirSync(copies, { recursive: true, encoding: "utf8" })
      .map((each) => each.split("/").slice(2).join("/"))
      .filter(Boolean)
      .sort();

  test("of a folder, what tools make again is left out, and files that go or grow while they are read are no failure", async () => {
    for (const file of [
      ...[
        "env/pyvenv.cfg",
        "env/x",
        "conda/conda-meta/history",
        "conda/x",
        ".git/x",
        ".hg/x",
        "node_modules/x",
        "a/__pycache__/x",
      ],
      ...["venv/data.csv", "build/data.csv", "target/data.csv"],
    ]) {
      write(join(folder, "jobs", file), "");
    }
    write(join(folder, "jobs/.mypy_cache/CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n");
    symlinkSync("/nowhere/at/all", join(folder, "jobs/dangling"));
    const copies = here();
    const stderr = jest.spyOn(process.stderr, "write");
    await become("docker", { app: "jobs" });
    expect(filesIn(copies)).toEqual(
      ["jobs", "jobs/a", "jobs/build", "jobs/build/data.csv", "jobs/main.py", "jobs/target", "jobs/target/data.csv"].concat([
        "jobs/venv",
        "jobs/venv/data.csv",
      ]),
    );
    expect(stderr).not.toHaveBeenCalled();
  });

  test("a folder that is an environment itself is copied", async () => {
    write(join(folder, "jobs/pyvenv.cfg"), "");
    const copies = here();
    await become("docker", { app: "jobs" });
    expect(filesIn(copies)).toEqual(["jobs", "jobs/main.py", "jobs/pyvenv.cfg"]);
  });

  test("a folder that cannot be read is a failure with tar's words", async () => {
    const copies = here();
    const tar = join(folder, "bin/tar");
    write(tar, "#!/bin/sh\nhead -c 10240 /dev/zero; echo 'tar: jobs/secret: Permission denied' >&2; exit 2", 0o755);
    const { spawn } = childProcess;
    const start = (program: string, ...rest: unknown[]) =>
      (spawn as (...all: unknown[]) => unknown)(program === "tar" ? tar : program, ...rest);
    jest.spyOn(childProcess, "spawn").mockImplementation(start as never);
    const failing = become("docker", { app: "jobs" });
    await expect(failing).rejects.toThrow(`tar: jobs/secret: Permission denied\n${join(folder, "jobs")} could not be copied`);
    expect(readdirSync(copies)).toEqual([]);
  });

  test.each([
    [["--jars", "a.jar,s3a://b/c.jar"], "--jars {0}a.jar,s3a://b/c.jar"],
    [["--py-files=libs/*.zip"], "--py-files={0}one.zip,{1}two.zip"],
    [
      ["--files", "libs/*.zip#x", "--archives", "/opt/workspace/*.zip"],
      "--files {0}one.zip#x,{1}two.zip#x --archives /opt/workspace/*.zip",
    ],
    [["--conf", "spark.jars=a.jar,b.jar"], "--conf spark.jars={0}a.jar,{1}b.jar"],
    [
      ["--conf=spark.submit.pyFiles=job.py", "-c", "spark.archives=libs/one.zip#z"],
      "--conf=spark.submit.pyFiles={0}job.py -c spark.archives={1}one.zip#z",
    ],
    [["--driver-class-path", "a.jar:/opt/spark/none/*:libs/*"], "--driver-class-path {0}a.jar:/opt/spark/none/*:{1}libs/*"],
    [["--conf", "spark.executor.extraClassPath=b.jar"], "--conf spark.executor.extraClassPath={0}b.jar"],
    [["--conf", "spark.app.name=a.jar", "--name", "a.jar"], "--conf spark.app.name=a.jar --name a.jar"],
  ])("in the options %j they are copied", async (options, expected) => {
    here();
    const command = await become("docker", { options });
    const words = (command ?? "").replace(/\/opt\/workspace\/\S*?\/submit-\w+\/(\d+)\//g, "{$1}");
    expect(words).toContain(` ${expected} one`);
  });

  test.each([
    [{ app: "none.py" }, (from: string) => `There is no file ${from}/none.py on this machine.`],
    [{ app: "/opt/spark/none.py" }, () => "For a file of JupyterLab's container: local:///opt/spark/none.py"],
    [{ options: ["--jars", "libs/*.jar"] }, (from: string) => `There is no file ${from}/libs/*.jar`],
    [{ app: "job.R" }, () => "job.R is not what APP takes: a script (.py), a notebook (.ipynb) or a jar (.jar)"],
    [{ app: "/dev/null" }, () => "/dev/null is not what APP takes"],
    [{ app: "jobs", main: "none.py" }, () => "jobs has no none.py. Which file of it runs?"],
    [{ app: "s3a://bucket/job.py" }, () => "APP is a path, and not an address such as s3a://bucket/job.py."],
    [{ app: "job.py", main: "main.py" }, () => "Leave out MAIN=main.py."],
    [{ app: "/opt/workspace/job.py", main: "main.py" }, () => "Leave out MAIN=main.py."],
    [{ app: "" }, () => "Which application?"],
  ])("%j is refused before the stack is opened", async (submission, message) => {
    const open = jest.spyOn(opened, "openStack");
    await expect(submit("dev", { ...job, ...submission })).rejects.toThrow(message(folder));
    expect(open).not.toHaveBeenCalled();
  });

  test("a path of the container is taken as it is", async () => {
    const copies = here();
    expect(await become("docker", { app: "local:///opt/spark/pi.py" })).toMatch(/ \/opt\/spark\/pi\.py {2}0 one$/);
    expect(existsSync(copies)).toBe(false);
  });

  test("a file is looked for in make's own folder after the shell's", async () => {
    here();
    expect(await become("docker", { app: "old.py" })).toMatch(/\/0\/old\.py {2}0 one$/);
  });
});
