import { engines } from "../../../testbed/engines/socketsOfRoot";
import { Submission, submit } from "../../../tools/commands/submit";
import * as programs from "../../../tools/programs";
import * as containers from "../../../tools/stack/containers";
import * as opened from "../../../tools/stack/openStack";

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
