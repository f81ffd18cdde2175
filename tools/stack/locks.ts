import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";

import { given } from "../../engine/given";
import { tried } from "../../engine/tried";
import { Failure } from "../failure";
import { shownBackend } from "./backend";
import { Lock, locksOf } from "./fileBackend";
import type { OpenStack } from "./openStack";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // After a reboot, another program may have this PID.
  return !existsSync("/proc/self") || commandOf(String(pid)).includes("pulumi");
}

/** The command line of a process; empty if it has ended or belongs to another user. */
export function commandOf(pid: string): string {
  return tried(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")) ?? "";
}

/**
 * Checks that no run works on a stack.
 *
 * @param locks Its locks.
 * @throws {Failure} if a run holds the stack that is alive, or that is on another machine.
 */
export function checkFree(name: string, locks: readonly (Lock | undefined)[] = []): void {
  for (const lock of locks) {
    if (lock?.hostname !== hostname() || isAlive(lock.pid)) {
      const who = lock && `process ${lock.pid} of ${lock.username} on ${lock.hostname}, since ${lock.timestamp}`;
      throw new Failure(
        `Another run works on stack ${name}: ${who ?? `its lock in ${shownBackend()} does not say which`}. Nothing was changed.\n` +
          `Wait until it has ended. If there is no such run any more: eval "$(make -s env STACK=${name})" && pulumi cancel --yes`,
      );
    }
  }
}

/**
 * Removes the locks of killed runs.
 *
 * @throws {Failure} as {@link checkFree}.
 */
export async function clearDeadLocks(stack: Pick<OpenStack, "name" | "pulumi">): Promise<void> {
  const locks = locksOf(stack.name) ?? (await reportedLocks(stack));
  checkFree(stack.name, locks);
  if (locks.length > 0) {
    console.error("Clearing the lock of a run that was killed.");
    await stack.pulumi.cancel();
  }
}

/**
 * The locks of a stack in a backend whose files cannot be read here. Pulumi Cloud reports only that an update is in progress. For a
 * bucket, no command lists the locks: Pulumi names them when it creates a stack, before it notices that the stack exists.
 */
async function reportedLocks({ name, pulumi: { workspace } }: Pick<OpenStack, "name" | "pulumi">): Promise<(Lock | undefined)[]> {
  const summary = (await workspace.listStacks()).find(({ current }) => current);
  if (summary?.updateInProgress !== undefined) {
    return summary.updateInProgress ? [undefined] : [];
  }
  const { StackAlreadyExistsError } = await import("@pulumi/pulumi/automation");
  const { envVars } = workspace;
  if (given("PULUMI_CONFIG_PASSPHRASE_FILE") === undefined && process.env.PULUMI_CONFIG_PASSPHRASE === undefined) {
    // A stack with another secrets provider has none, but Pulumi requires one before it looks for the stack.
    workspace.envVars = { ...envVars, PULUMI_CONFIG_PASSPHRASE: "" };
  }
  try {
    await workspace.createStack(name);
    return [];
  } catch (error) {
    if (error instanceof StackAlreadyExistsError) {
      return [];
    }
    const named = [...String(error).matchAll(/: created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g)];
    if (named.length === 0) {
      throw error;
    }
    return named.map(([, username = "", host = "", pid, timestamp = ""]) => ({
      username,
      hostname: host,
      pid: Number(pid),
      timestamp,
    }));
  } finally {
    workspace.envVars = envVars;
  }
}
