import { spawn } from "node:child_process";

import { clientCommand } from "../../engine/cli";
import { TestStack } from "../../testbed/testStack";
import { tell, until } from "../../testbed/until";
import { labelled } from "../../engine/labels";

/** How each container ends when it is asked to: Java with 128 + SIGTERM, JupyterLab with 0. None with 137, as SIGKILL would end it. */
export const ownExitCodes = { master: 143, "worker-1": 143, "history-server": 143, jupyterlab: 0 };

/** Exit codes of all of the stack's containers, which `ending` ends, by the end of their names. */
export async function exitCodesOf(stack: TestStack, ending: () => Promise<unknown>): Promise<Record<string, number>> {
  const count = await stack.containerCount();
  // Followed, not asked for afterwards: an engine remembers its last 256 events, and every health check is three.
  const filters = ["event=die", labelled("stack", stack.name)].flatMap((filter) => ["--filter", filter]);
  const [program, ...args] = clientCommand(stack.engine, "events", ...filters, "--format", "{{json .}}");
  const events = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  let died = "";
  events.stdout.on("data", (chunk: Buffer) => (died += chunk.toString()));
  const codes = () =>
    died
      .split("\n")
      .slice(0, -1)
      .flatMap((line): [string, number][] => {
        const { Attributes } = (JSON.parse(line) as { Actor: { Attributes: Record<string, string> } }).Actor;
        const role = Attributes["spark-cluster.role"];
        return role === undefined ? [] : [[Attributes.name!.replace(stack.nameOf(""), ""), Number(Attributes.exitCode)]];
      });
  try {
    await ending();
    await until("all exit codes are known", 60, () => codes().length >= count);
  } finally {
    events.kill();
    tell(`exit codes: ${JSON.stringify(Object.fromEntries(codes()))}`);
  }
  return Object.fromEntries(codes());
}

/** Keeps the checksums of every file on the shared volume, and of one in HOME, for {@link changedFiles}. */
export async function noteFiles(stack: TestStack): Promise<void> {
  const files = await inIde(
    stack,
    "cd / && mkdir -p home/spark/mine && echo mine > home/spark/mine/file && " +
      "find opt/workspace home/spark/mine -type f -exec sha256sum {} + > home/spark/noted && wc -l < home/spark/noted",
  );
  tell(`${files.trim()} files noted`);
  expect(Number(files)).toBeGreaterThan(10);
}

/** The noted files that have changed or are gone. */
export function changedFiles(stack: TestStack): Promise<string> {
  return inIde(stack, "cd / && sha256sum --check --quiet /home/spark/noted 2>&1 || true");
}

/** Expects that an application's event log is complete, and that the history server lists the application as completed. */
export async function expectComplete(stack: TestStack, application: string): Promise<void> {
  const files = await inIde(stack, `ls /opt/workspace/.spark-cluster/event-log/eventlog_v2_${application}`);
  expect(files.split("\n")).toContain(`appstatus_${application}`); // in place of appstatus_... .inprogress
  const { historyServer } = await stack.outputs();
  // It answers before it has read what there is.
  const { attempts } = await until(`${application} is listed`, 300, async () => {
    const answer = await fetch(`${historyServer}/api/v1/applications/${application}`).catch(() => undefined);
    return answer?.ok === true && ((await answer.json()) as { attempts: { completed: boolean }[] });
  });
  expect(attempts.map(({ completed }) => completed)).toEqual([true]);
}

function inIde(stack: TestStack, script: string): Promise<string> {
  return stack.askInside(stack.nameOf("jupyterlab"), "sh", "-c", script);
}
