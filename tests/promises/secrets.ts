import { run } from "../../testbed/run";
import { until } from "../../testbed/until";
import { Cluster } from "../helpers/cluster";
import { Process, processes } from "../helpers/processes";
import { heldIn, SecurityContext } from "../helpers/securityContext";

/** Looks for texts that it reads from its standard input. */
const grep = ["--recursive", "--fixed-strings", "--file=-"];

/** Secrets are long, and nowhere but where they are needed. */
export function secrets(cluster: Cluster, context: SecurityContext): void {
  describe("secrets", () => {
    cluster.test("have 256 random bits each", async () => {
      const made = await context.secrets();
      expect(Object.keys(made).sort()).toEqual(["catalog-password", "connect-token", "rpc-secret", "token"]);
      expect(Object.values(made)).toEqual(Array(4).fill(expect.stringMatching(/^[0-9a-f]{64}$/)));
      expect(new Set(Object.values(made)).size).toBe(4);
    });

    cluster.test("are not seen by inspecting the engine's containers, images, networks and volumes", async (stack) => {
      const containers = Object.values(await context.containers());
      const images = [...new Set(containers.map(({ Image }) => Image))];
      const texts = await Promise.all([
        stack.ask("inspect", ...containers.map(({ Id }) => Id)),
        stack.ask("image", "inspect", ...images),
        ...images.map((image) => stack.ask("history", "--no-trunc", image)),
        stack.ask("network", "inspect", ...(await stack.listed("network ls"))),
        stack.ask("volume", "inspect", ...(await stack.listed("volume ls"))),
      ]);
      expect(texts.join()).toContain("CMD"); // of an image's history
      expect(heldIn(texts.join("\n"), await context.secrets())).toEqual([]);
    });

    cluster.test("are in no process list, except Spark's own in the environment of executors", async (stack) => {
      const made = await context.secrets();
      await context.session();
      const handedOver = `_SPARK_AUTH_SECRET=${made["rpc-secret"]!}`;
      const now = processes();
      const words = [...cluster.processWords.filter((word) => word !== handedOver), ...now.flatMap(({ command }) => command)];
      expect(words).toContain(`STACK=${stack.name}`); // of make up
      expect(heldIn(words.join("\n"), made)).toEqual([]);

      const knowing = now.filter(({ environment }) => heldIn(environment.join("\n"), made).length > 0);
      expect(knowing.map(({ environment }) => environment.filter((word) => heldIn(word, made).length > 0))).toEqual(
        knowing.map(() => [handedOver]),
      );
      const isExecutor = ({ command }: Process) => /CoarseGrainedExecutorBackend|spark_cluster\.daemon/.test(command.join(" "));
      expect(knowing.filter((each) => !isExecutor(each))).toEqual([]);
      expect(knowing.length).toBeGreaterThanOrEqual(4); // Connect's executors and the notebook's
    });

    cluster.test("are in the files of the containers that need them, and in no others", async (stack) => {
      const made = await context.secrets();
      const found = Object.entries(await context.containers()).map(async ([part, { Id, Mounts }]) => {
        const options = ["--text", "--only-matching", "--no-messages", "/tmp", ...Mounts.map((each) => each.Destination)];
        const inside = ["exec", "--interactive", Id, "grep", ...grep, ...options];
        const { stdout } = await stack.tryAsk(inside, { input: Object.values(made).join("\n") });
        const named = Object.keys(made).reduce((text, name) => text.replaceAll(made[name]!, name), stdout);
        return [part, [...new Set(named.split("\n").filter(Boolean))].sort()];
      });
      const properties = "/etc/spark-cluster/spark-defaults.conf";
      const server = "/home/spark/.local/share/jupyter/runtime/jpserver-"; // JupyterLab's own, in a folder for its user alone
      expect(Object.fromEntries(await Promise.all(found))).toEqual({
        catalog: ["/etc/spark-cluster/catalog-password:catalog-password"],
        connect: ["catalog-password", "connect-token", "rpc-secret"].map((each) => `${properties}:${each}`),
        "history-server": [],
        jupyterlab: [
          "/etc/spark-cluster/jupyter-token:token",
          `${properties}:catalog-password`,
          `${properties}:rpc-secret`,
          expect.stringMatching(`^${server}\\d+-open.html:token$`),
          expect.stringMatching(`^${server}\\d+.json:token$`),
        ],
        master: [`${properties}:rpc-secret`],
        metrics: [],
        "worker-1": [`${properties}:rpc-secret`],
        "worker-2": [`${properties}:rpc-secret`],
      });
    });

    cluster.test("are not in Pulumi's plain state, nor in the stack's file", async (stack) => {
      const made = await context.secrets();
      const state = await stack.pulumi("stack", "export");
      expect(state).toContain("Stash::spark-token");
      expect(heldIn(state, made)).toEqual([]);
      const options = [...grep, "--files-with-matches", stack.stateFolder, stack.file];
      const { code, output } = await run("grep", options, { input: Object.values(made).join("\n") });
      expect({ code, output }).toEqual({ code: 1, output: "" });
    });
  });
}

const eventLogs = (application: string) => `
import glob, pyarrow
for file in glob.glob("/opt/workspace/.spark-cluster/event-log/*${application}*/events_*"):
    stream = pyarrow.CompressedInputStream(pyarrow.OSFile(file), "zstd")
    try:
        while chunk := stream.read(1 << 16):
            print(chunk.decode(errors="replace"), end="")
    except OSError:
        pass  # the driver has not written the end of it
`;

/** What Spark writes and shows of an application holds no secret. */
export function secretsOfJobs(cluster: Cluster, context: SecurityContext): void {
  describe("secrets", () => {
    cluster.test("do not separate sessions: any code on an executor reads the one of Spark", async () => {
      const { notebook } = await context.session();
      const source = `import os; print(*sc.parallelize([0], 1).map(lambda _: os.environ["_SPARK_AUTH_SECRET"]).collect())`;
      expect((await notebook.run(source)).trim()).toBe((await context.secrets())["rpc-secret"]);
    });

    cluster.test("are in no log of a container", async (stack) => {
      const containers = Object.values(await context.containers());
      const results = await Promise.all(containers.map(({ Id }) => stack.tryAsk(["logs", Id])));
      expect(results.map(({ code, output }) => code === 0 && output.length > 0)).toEqual(results.map(() => true));
      const made = await context.secrets();
      expect(results.flatMap(({ output }) => heldIn(output, made))).toEqual([]);
    });

    cluster.test("are redacted on Spark's pages and in event logs", async (stack) => {
      const { application } = await context.session();
      const { sparkUi, historyServer } = await stack.outputs();
      const history = new URL(`/api/v1/applications/${application}/environment`, historyServer);
      await until("the history server lists it", 120, async () => (await fetch(history)).ok);
      const pages = [new URL("/environment/", sparkUi), new URL(`/proxy/${application}/environment/`, sparkUi), history];
      const texts = await Promise.all([
        ...pages.map(async (url) => (await fetch(url)).text()),
        stack.python(eventLogs(application)),
      ]);
      // The setting is there to see; its value is not.
      const redacted = /spark\.authenticate\.secret.{1,40}\(redacted\)/;
      expect(texts.map((text) => redacted.test(text))).toEqual([true, true, true, true]);
      const made = await context.secrets();
      expect(texts.flatMap((text) => heldIn(text, made))).toEqual([]);
    });
  });
}
