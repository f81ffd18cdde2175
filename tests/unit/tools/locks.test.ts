import { hostname } from "node:os";

import { clearDeadLocks } from "../../../tools/stack/locks";

const exists = "error: stack 'organization/spark-cluster/dev' already exists";

jest.mock("@pulumi/pulumi/automation", () => ({ StackAlreadyExistsError: class extends Error {} }));

/** Clears the dead locks of a stack in a backend that is no file. Returns how often Pulumi was asked to cancel. */
async function cleared(stderr: string, inProgress?: boolean): Promise<number> {
  const { PULUMI_CONFIG_PASSPHRASE: _, PULUMI_CONFIG_PASSPHRASE_FILE: __, ...env } = process.env;
  jest.replaceProperty(process, "env", { ...env, PULUMI_BACKEND_URL: "s3://me:secret@bucket" });
  jest.spyOn(console, "error").mockReturnValue();
  const { StackAlreadyExistsError } = await import("@pulumi/pulumi/automation");
  const Thrown = stderr === exists ? (StackAlreadyExistsError as unknown as ErrorConstructor) : Error;
  const cancel = jest.fn();
  const workspace = {
    envVars: {},
    listStacks: () =>
      Promise.resolve([
        { current: false, updateInProgress: true },
        { current: true, updateInProgress: inProgress },
      ]),
    createStack: () => {
      expect(workspace.envVars).toEqual({ PULUMI_CONFIG_PASSPHRASE: "" }); // no passphrase: secrets may be with a cloud's key service
      return Promise.reject(new Thrown(stderr));
    },
  };
  await clearDeadLocks({ name: "dev", pulumi: { cancel, workspace } } as unknown as Parameters<typeof clearDeadLocks>[0]);
  expect(workspace.envVars).toEqual({});
  return cancel.mock.calls.length;
}

const locked = (host: string, pid: number) =>
  "error: could not create stack: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or " +
  `delete the lock file with \`pulumi cancel\`.\n  s3://bucket/.pulumi/locks/a.json: created by me@${host} (pid ${pid}) at 2026-01-01T00:00:00Z`;

test("the lock of a stack in a bucket is read from Pulumi's error: a run that is alive, or elsewhere, keeps it", async () => {
  await expect(cleared(locked("elsewhere", 7))).rejects.toThrow(
    "Another run works on stack dev: process 7 of me on elsewhere, since 2026-01-01T00:00:00Z. Nothing was changed.",
  );
  const dead = 2 ** 22 + 1; // above Linux's largest PID
  await expect(cleared(locked(hostname(), dead))).resolves.toBe(1);
  await expect(cleared(exists)).resolves.toBe(0);
  await expect(cleared("error: no network")).rejects.toThrow("no network");
});

test("an update that Pulumi Cloud reports as in progress keeps the stack", async () => {
  await expect(cleared("unused", true)).rejects.toThrow("its lock in s3://bucket does not say which");
  await expect(cleared("unused", false)).resolves.toBe(0);
});
