import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { networkInterfaces } from "node:os";

import { clientCommand } from "../../engine/cli";
import { Examined, needless, Rule, rules } from "./helpers/cisRules";
import { OpenNotebook } from "./helpers/openNotebook";
import { Process, processes, ProcessWatch } from "./helpers/processes";
import { Result, run } from "./helpers/run";
import { listeners } from "./helpers/sockets";
import { isFirstEngine, once } from "./helpers/testedEngine";
import { Inspected, TestStack } from "./helpers/testStack";
import { until } from "./helpers/until";
import { WireTap } from "./helpers/wireTap";

/** A session with an executor on both workers, in which a text stays a text on its way: compressed, it would not be found on the wire. */
const session = `
import time
from pyspark.sql import SparkSession
spark = SparkSession.builder.config("spark.broadcast.compress", "false").config("spark.shuffle.compress", "false") \\
    .config("spark.rdd.compress", "false").getOrCreate()
sc = spark.sparkContext
deadline = time.time() + 300
while len({e.host() for e in sc._jsc.sc().statusTracker().getExecutorInfos()}) < 3:
    assert time.time() < deadline
    time.sleep(0.2)
print(sc.applicationId, sc._jsc.sc().uiWebUrl().get())
`;

/** Sends a text from driver to executors, between executors, and back, thousands of times each. */
const ship = (text: string) => `
text = ${JSON.stringify(text)}
large = sc.broadcast([text + str(i) for i in range(20000)])
print(sorted(sc.parallelize(range(4), 4).map(lambda i: len(large.value[i]) and text).collect()) == [text] * 4)
print(sc.parallelize(range(20000), 4).map(lambda i: (i, text + str(i))).repartition(2).filter(lambda pair: text in pair[1]).count())
print(len(sc.parallelize(range(20000), 2).map(lambda i: text + str(i)).collect()))
`;

/** Asks for a page in plain HTTP: what a wire without encryption looks like. */
const plainly = (text: string) => `
import urllib.request
print(urllib.request.urlopen("http://spark-master:8080/${text}", timeout=60).status)
`;

/** A driver that takes no settings but those that it is given. */
const stranger = `
from pyspark.sql import SparkSession
SparkSession.builder.appName("stranger").master("spark://spark-master:7077").getOrCreate()
`;

/** A driver with the secret that asks for no encryption. */
const inTheClear = `
from pyspark.sql import SparkSession
SparkSession.builder.appName("stranger").config("spark.network.crypto.enabled", "false").getOrCreate()
`;

const attempts = ["from the network", "from the machine", "as a driver to run in the cluster", "in the clear"] as const;

interface MasterState {
  readonly workers: readonly { readonly state: string }[];
  readonly activeapps: readonly { readonly id: string; readonly name: string; readonly state: string }[];
  readonly completedapps: readonly { readonly name: string }[];
  readonly activedrivers: readonly unknown[];
  readonly completeddrivers: readonly unknown[];
}

describe("a cluster with all that it may have", () => {
  let stack: TestStack;
  let containers: Record<string, Inspected>;
  /** All generated secrets, by the end of their resource's name. */
  let secrets: Record<string, string>;
  let duringUp: readonly string[];
  let outputs: Awaited<ReturnType<TestStack["outputs"]>>;
  let notebook: OpenNotebook;
  /** The notebook's application, and its own pages' address. */
  let application: string;
  let pages: URL;
  let refusals: Promise<Record<(typeof attempts)[number], Result>>;
  const oneOffs: string[] = [];

  beforeAll(async () => {
    stack = await TestStack.make();
    await stack.set("sparkConnect", "true");
    await stack.set("catalog", "shared");
    const watch = new ProcessWatch();
    await stack.up().finally(() => (duringUp = watch.close()));
    containers = await stack.containers();
    secrets = await generatedSecrets();
    outputs = await stack.outputs();
    notebook = new OpenNotebook(stack, 1800);
    if (isFirstEngine) {
      refusals = attempt();
    }
    const [id = "", url = ""] = (await notebook.run(session)).trim().split(" ");
    application = id;
    pages = new URL(url.replace("jupyterlab", address("jupyterlab")));
  });

  afterAll(async () => {
    try {
      await notebook.close();
      await Promise.all(oneOffs.map((name) => run(...client("rm", "--force", name))));
    } finally {
      await TestStack.destroyAll();
    }
  });

  function client(...args: string[]): [string, string[]] {
    const [program, ...rest] = clientCommand(stack.engine, ...args);
    return [program, rest];
  }

  /** The address of a container in the stack's network, as the engine's machine reaches it. */
  function address(part: string): string {
    return containers[part]!.NetworkSettings.Networks[`spark-cluster-${stack.name}-network`]!.IPAddress;
  }

  async function generatedSecrets(): Promise<Record<string, string>> {
    interface State {
      readonly deployment: {
        readonly resources: readonly {
          readonly urn: string;
          readonly outputs?: { readonly value?: { readonly plaintext?: string } };
        }[];
      };
    }
    const { deployment } = JSON.parse(await stack.pulumi("stack", "export", "--show-secrets")) as State;
    return Object.fromEntries(
      deployment.resources
        .filter(({ urn }) => urn.includes(":GeneratedSecret::"))
        .map(({ urn, outputs }) => [urn.replace(/.*::spark-/, ""), JSON.parse(outputs?.value?.plaintext ?? "") as string]),
    );
  }

  async function masterState(): Promise<MasterState> {
    return (await (await fetch(new URL("/json/", outputs.sparkUi))).json()) as MasterState;
  }

  /** All ways in at the same time: Spark tries each for a minute. */
  async function attempt(): Promise<Awaited<typeof refusals>> {
    const oneOff = (network: string, ...command: string[]) => {
      const name = `spark-cluster-${stack.name}-stranger-${oneOffs.length}`;
      oneOffs.push(name);
      const host = network === "host" ? [`--add-host=spark-master:${address("master")}`, "--env=SPARK_LOCAL_IP=127.0.0.1"] : [];
      const options = [`--network=${network}`, ...host, "--memory=1g", "--env=SPARK_CONF_DIR=/tmp"];
      const image = containers["worker-1"]!.Image;
      return run(...client("run", "--rm", `--name=${name}`, ...options, image, "timeout", "400", ...command), { timeout: 430 });
    };
    const network = `spark-cluster-${stack.name}-network`;
    const submit = ["spark-submit", "--master", "spark://spark-master:7077", "--deploy-mode", "cluster"];
    const inIde = client("exec", `spark-cluster-${stack.name}-jupyterlab`, "timeout", "400", "python3", "-c", inTheClear);
    const results = await Promise.all([
      oneOff(network, "python3", "-c", stranger),
      oneOff("host", "python3", "-c", stranger),
      oneOff(network, ...submit, "--class", "of.a.Stranger", "local:///of/a/stranger.jar"),
      run(...inIde, { timeout: 430 }),
    ]);
    return Object.fromEntries(attempts.map((way, index) => [way, results[index]!])) as Awaited<typeof refusals>;
  }

  const holds = (text: string) => Object.keys(secrets).filter((name) => text.includes(secrets[name]!));

  describe("keeps its secrets", () => {
    test("of 256 bits each", () => {
      expect(Object.keys(secrets).sort()).toEqual(["catalog-password", "connect-token", "rpc-secret", "token"]);
      expect(Object.values(secrets)).toEqual(Array(4).fill(expect.stringMatching(/^[0-9a-f]{64}$/)));
      expect(new Set(Object.values(secrets)).size).toBe(4);
    });

    test("from who inspects the engine's containers, images, networks and volumes", async () => {
      const images = [...new Set(Object.values(containers).map(({ Image }) => Image))];
      const label = `label=spark-cluster.stack=${stack.name}`;
      const listed = async (kind: string) =>
        (await stack.ask(kind, "ls", "--quiet", "--filter", label)).split("\n").filter(Boolean);
      const texts = await Promise.all([
        stack.ask("inspect", ...Object.values(containers).map(({ Id }) => Id)),
        stack.ask("image", "inspect", ...images),
        ...images.map((image) => stack.ask("history", "--no-trunc", image)),
        stack.ask("network", "inspect", ...(await listed("network"))),
        stack.ask("volume", "inspect", ...(await listed("volume"))),
      ]);
      expect(texts.join()).toContain("CMD"); // of an image's history
      expect(texts.flatMap(holds)).toEqual([]);
    });

    test("from process lists, but for the executors that Spark hands its own to", () => {
      const handedOver = `_SPARK_AUTH_SECRET=${secrets["rpc-secret"]!}`;
      const found = [...duringUp.filter((word) => word !== handedOver), ...processes().flatMap(({ command }) => command)];
      expect(found.flatMap(holds)).toEqual([]);

      const knowing = processes().filter(({ environment }) => holds(environment.join("\n")).length > 0);
      expect(knowing.map(({ environment }) => environment.filter((word) => holds(word).length > 0))).toEqual(
        knowing.map(() => [handedOver]),
      );
      const isExecutor = ({ command }: Process) => /CoarseGrainedExecutorBackend|pyspark\.daemon/.test(command.join(" "));
      expect(knowing.filter((each) => !isExecutor(each))).toEqual([]);
      expect(knowing.length).toBeGreaterThanOrEqual(4); // Connect's executors and the notebook's
    });

    once(() => {
      test("and whoever runs code has the one of Spark: no session is safe from another's", async () => {
        const source = `import os; print(*sc.parallelize([0], 1).map(lambda _: os.environ["_SPARK_AUTH_SECRET"]).collect())`;
        expect((await notebook.run(source)).trim()).toBe(secrets["rpc-secret"]);
      });

      test("out of logs", async () => {
        const logs = await Promise.all(Object.values(containers).map(({ Id }) => run(...client("logs", Id))));
        expect(logs.map(({ code, output }) => code === 0 && output.length > 0)).toEqual(logs.map(() => true));
        expect(logs.flatMap(({ output }) => holds(output))).toEqual([]);
      });
    });

    test("out of all files but those of who needs them", async () => {
      const found = Object.entries(containers).map(async ([part, container]) => {
        const places = ["/tmp", ...container.Mounts.map(({ Destination }) => Destination)];
        const inside = ["grep", "--recursive", "--files-with-matches", "--no-messages", "--fixed-strings", "--file=-", ...places];
        const { stdout } = await run(...client("exec", "--interactive", container.Id, ...inside), {
          input: Object.values(secrets).join("\n"),
        });
        return [part, [...new Set(stdout.split("\n").filter(Boolean))].sort()];
      });
      const properties = "/etc/spark-cluster/spark-defaults.conf";
      const server = "/home/spark/.local/share/jupyter/runtime/jpserver-"; // JupyterLab's own, in a folder for its user alone
      expect(Object.fromEntries(await Promise.all(found))).toEqual({
        catalog: ["/etc/spark-cluster/catalog-password"],
        connect: [properties],
        "history-server": [],
        jupyterlab: [
          "/etc/spark-cluster/jupyter-token",
          properties,
          expect.stringMatching(`^${server}\\d+-open.html$`),
          expect.stringMatching(`^${server}\\d+.json$`),
        ],
        master: [properties],
        "worker-1": [properties],
        "worker-2": [properties],
      });
    });

    test("out of Pulumi's plain state, and the stack's file", async () => {
      const state = await stack.pulumi("stack", "export");
      expect(state).toContain("GeneratedSecret");
      expect(holds(state)).toEqual([]);
      const files = [stack.stateFolder, `${stack.folder}/Pulumi.${stack.name}.yaml`];
      const { code, output } = await run(
        "grep",
        ["--recursive", "--files-with-matches", "--fixed-strings", "--file=-", ...files],
        {
          input: Object.values(secrets).join("\n"),
        },
      );
      expect({ code, output }).toEqual({ code: 1, output: "" });
    });

    once(() => {
      test("off Spark's pages, and out of event logs", async () => {
        const history = new URL(`/api/v1/applications/${application}/environment`, outputs.historyServer);
        await until("the history server lists it", 120, async () => (await fetch(history)).ok);
        const eventLogs = `
import glob, pyarrow
for file in glob.glob("/opt/workspace/.spark-cluster/event-log/*${application}*/events_*"):
    stream = pyarrow.CompressedInputStream(pyarrow.OSFile(file), "zstd")
    try:
        while chunk := stream.read(1 << 16):
            print(chunk.decode(errors="replace"), end="")
    except OSError:
        pass  # the driver has not written the end of it
`;
        const texts = await Promise.all([
          ...[
            new URL("/environment/", outputs.sparkUi),
            new URL(`/proxy/${application}/environment/`, outputs.sparkUi),
            history,
          ].map(async (url) => (await fetch(url)).text()),
          stack.python(eventLogs),
        ]);
        // The setting is there to see; its value is not.
        expect(texts.map((text) => /spark\.authenticate\.secret.{1,40}\(redacted\)/.test(text))).toEqual([
          true,
          true,
          true,
          true,
        ]);
        expect(texts.flatMap(holds)).toEqual([]);
      });
    });
  });

  once(() => {
    describe("is encrypted on the wire", () => {
      test("so that what a job ships is in no packet, where plain HTTP is seen", async () => {
        const [shipped, plain] = [randomBytes(16).toString("hex"), randomBytes(16).toString("hex")];
        const tap = await WireTap.open(stack);
        const control = await notebook.run(plainly(plain));
        const answer = await notebook.run(ship(shipped));
        const { frames, missed } = await tap.close();
        expect(control.trim()).toBe("200");
        expect(answer.trim().split("\n")).toEqual(["True", "20000", "20000"]);
        expect(frames.includes(plain)).toBe(true);
        expect(frames.length).toBeGreaterThan(2 * 20_000 * shipped.length); // the job's own packets are among them
        expect(frames.includes(shipped)).toBe(false);
        expect(missed).toBeLessThan(100);
      });
    });

    describe("lets nobody in who does not hold the secret", () => {
      test.each(attempts)("%s", async (way) => {
        const { code, output } = (await refusals)[way];
        expect({ way, ended: code !== 0 && code !== 124 }).toEqual({ way, ended: true });
        expect(output).toMatch(/All masters are unresponsive|Unknown challenge message/);
      });

      test("and the master has never had an application or a driver of theirs", async () => {
        await refusals;
        const { activeapps, completedapps, activedrivers, completeddrivers } = await masterState();
        expect([...activeapps, ...completedapps].filter(({ name }) => name === "stranger")).toEqual([]);
        expect([...activedrivers, ...completeddrivers]).toEqual([]);
      });

      test("over REST neither: nothing listens there", async () => {
        const inside = `
import socket
try:
    socket.create_connection(("spark-master", 6066), timeout=5)
except ConnectionRefusedError:
    print("refused")
`;
        expect((await notebook.run(inside)).trim()).toBe("refused");
        await expect(fetch(`http://${address("master")}:6066/v1/submissions/status/any`)).rejects.toMatchObject({
          cause: { code: "ECONNREFUSED" },
        });
      });
    });
  });

  describe("has no door but those that it needs", () => {
    test("inside of its network", async () => {
      const open = Object.entries(containers).map(async ([part, { Id }]) => {
        const text = await stack.askInside(Id, "sh", "-c", "cat /proc/net/tcp /proc/net/tcp6 2> /dev/null || true");
        const ports = listeners(text)
          .filter((each) => each.address !== "loopback") // Python beside its JVM, the engine's DNS
          .map(({ port }) => (port >= 32768 ? "any" : String(port)));
        return [part, ports.filter((port, index) => port === "any" || ports.indexOf(port) === index).sort()];
      });
      // Any free port: they speak Spark's RPC and ask for the secret, but for the pages of a driver, which the master shows too.
      const driver = ["any", "any", "any"]; // RPC, blocks, pages
      const worker = ["any", "any", "any"]; // RPC, and the blocks of two executors
      expect(Object.fromEntries(await Promise.all(open))).toEqual({
        catalog: ["5432"],
        connect: ["15002", ...driver],
        "history-server": ["18080"],
        jupyterlab: ["8888", ...driver],
        master: ["7077", "8080"],
        "worker-1": ["8081", ...worker],
        "worker-2": ["8081", ...worker],
      });
    });

    test("of the machine: ports are published to itself alone", async () => {
      const ports = Object.values(containers)
        .flatMap(({ HostConfig }) => Object.values(HostConfig.PortBindings ?? {}))
        .flatMap((each) => (each ?? []).map(({ HostPort }) => Number(HostPort)));
      expect(ports).toHaveLength(4);
      // As the kernel sees it.
      const open = listeners(["tcp", "tcp6"].map((name) => readFileSync(`/proc/net/${name}`, "utf8")).join("\n"));
      expect(open.filter(({ port }) => ports.includes(port)).map((each) => each.address)).toEqual(ports.map(() => "loopback"));
      const others = Object.values(networkInterfaces())
        .flatMap((each) => each ?? [])
        .filter(({ family, internal }) => family === "IPv4" && !internal);
      expect(others.length).toBeGreaterThan(0);
      const reached = others.flatMap((other) => ports.map((port) => `http://${other.address}:${port}/`)).map(tryFetch);
      expect((await Promise.all(reached)).filter((each) => each !== "ECONNREFUSED")).toEqual([]);
    });
  });

  async function tryFetch(url: string): Promise<string> {
    try {
      return String((await fetch(url, { signal: AbortSignal.timeout(60_000) })).status);
    } catch (error) {
      return ((error as Error).cause as { code?: string } | undefined)?.code ?? (error as Error).name;
    }
  }

  once(() => {
    test("no page of another site kills a job, an application, a driver or a worker", async () => {
      const job = notebook.run(`
import pathlib
def until_told(i):
    deadline = time.time() + 600
    while not pathlib.Path("/opt/workspace/go-on").exists() and time.time() < deadline:
        time.sleep(0.1)
    return i + 20
print(sc.parallelize(range(2), 2).map(until_told).sum())
`);
      const running = async () => {
        const url = new URL(`/proxy/${application}/api/v1/applications/${application}/jobs?status=running`, outputs.sparkUi);
        return (await (await fetch(url)).json()) as { jobId: number; stageIds: number[] }[];
      };
      const jobs = await until("the job runs", 120, async () => {
        const seen = await running();
        return seen.length > 0 && seen;
      });
      expect(jobs).toHaveLength(1);
      const [{ jobId, stageIds }] = jobs as [(typeof jobs)[0]];
      const ofMaster = [
        ["app/kill/", `id=${application}&terminate=true`],
        ["driver/kill/", `id=${application}&terminate=true`],
        ["workers/kill/", "host=spark-worker-1&host=spark-worker-2"],
      ];
      const ofApplication = [
        ["jobs/job/kill/", `id=${jobId}`],
        ["stages/stage/kill/", `id=${stageIds[0]!}`],
      ];
      const master = ofMaster.map(([path, query]) => [new URL(path!, outputs.sparkUi), query!] as const);
      const behindMaster = new URL(`/proxy/${application}/`, outputs.sparkUi);
      const its = [behindMaster, pages].flatMap((base) =>
        ofApplication.map(([path, query]) => [new URL(path!, base), query!] as const),
      );
      const headers = { Origin: "http://elsewhere.example", "Content-Type": "application/x-www-form-urlencoded" };
      const post = async (url: URL, body = "") => (await fetch(url, { method: "POST", headers, body })).status;
      const withQuery = ([url, query]: readonly [URL, string]) => post(new URL(`?${query}`, url));
      const withForm = ([url, query]: readonly [URL, string]) => post(url, query);
      const ofMasterSaid = await Promise.all([...master.map(withQuery), ...master.map(withForm)]);
      // Its own address alone gets a form: one that goes through the master is an error of 500 after ten seconds.
      const ofApplicationSaid = await Promise.all([
        ...its.map(withQuery),
        ...its.filter(([{ host }]) => host === pages.host).map(withForm),
      ]);
      await Promise.all([...master, ...its].map(([url, query]) => fetch(new URL(`?${query}`, url), { headers })));
      // The master has no such door. An application's is locked by the same setting, and in Spark 4.1 by a guard before it, which is what
      // answers here; 3.5 has none.
      expect(ofMasterSaid).toEqual(ofMasterSaid.map(() => 405));
      expect(ofApplicationSaid.filter((status) => status !== 403 && status !== 405)).toEqual([]);
      const environment = await fetch(new URL(`/api/v1/applications/${application}/environment`, pages));
      expect(((await environment.json()) as { sparkProperties: [string, string][] }).sparkProperties).toContainEqual([
        "spark.ui.killEnabled",
        "false",
      ]);
      expect((await running()).map((each) => each.jobId)).toEqual([jobId]);
      await stack.askInside(containers.master!.Id, "touch", "/opt/workspace/go-on");
      expect((await job).trim()).toBe("41");
      const { workers, activeapps } = await masterState();
      expect(workers.map(({ state }) => state)).toEqual(["ALIVE", "ALIVE"]);
      expect(activeapps.find(({ id }) => id === application)?.state).toBe("RUNNING");
    });

    describe("asks in JupyterLab", () => {
      const elsewhere = { Origin: "http://elsewhere.example" };
      const at = (path: string) => new URL(path, outputs.jupyterlab);
      /** What a browser has that was opened with the token. */
      let cookies: { Cookie: string };
      let xsrf: string;

      beforeAll(async () => {
        const set = (await fetch(outputs.jupyterlab)).headers.getSetCookie().map((cookie) => cookie.replace(/;.*/, ""));
        cookies = { Cookie: set.join("; ") };
        xsrf = set.find((cookie) => cookie.startsWith("_xsrf="))!.replace("_xsrf=", "");
      });

      /** The status of an attempt to open a WebSocket: 101 when it is open. */
      function socket(path: string, headers: Record<string, string>): Promise<number | undefined> {
        return new Promise((resolve, reject) => {
          const key = randomBytes(16).toString("base64");
          const upgrade = {
            Connection: "Upgrade",
            Upgrade: "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key,
          };
          const asked = request(at(path), { headers: { ...upgrade, ...headers }, timeout: 10_000 });
          asked.once("response", (response) => {
            response.destroy();
            resolve(response.statusCode);
          });
          asked.once("upgrade", (_, connection) => {
            connection.destroy();
            resolve(101);
          });
          asked.once("error", reject);
          asked.end();
        });
      }

      test("for the token, on every way in", async () => {
        const methods = [
          "GET /api/contents",
          "GET /api/kernels",
          "GET /api/terminals",
          "POST /api/kernels",
          "POST /api/terminals",
        ];
        const asked = methods.map(async (each) => {
          const [method = "", path = ""] = each.split(" ");
          return (await fetch(at(path), { method })).status;
        });
        expect(await Promise.all(asked)).toEqual(methods.map(() => 403));
        expect(await socket("/api/events/subscribe", {})).toBe(403);
        expect(await socket("/terminals/websocket/1", {})).toBe(403);
        const wrong = await fetch(at(`/api/contents?token=${"0".repeat(64)}`));
        const right = await fetch(at(`/api/contents?token=${secrets.token!}`));
        expect([wrong.status, right.status]).toEqual([403, 200]);
      });

      test("for a proof that the page is its own, where the browser has signed in", async () => {
        const post = async (headers: Record<string, string>) =>
          (await fetch(at("/api/contents"), { method: "POST", headers: { ...cookies, ...headers }, body: '{"type":"file"}' }))
            .status;
        expect([await post({}), await post({ "X-XSRFToken": "2|0|0|0" }), await post({ "X-XSRFToken": xsrf })]).toEqual([
          403, 403, 201,
        ]);
      });

      test("where a request comes from", async () => {
        const own = await fetch(at("/api/contents"), { headers: cookies });
        const foreign = await fetch(at("/api/contents"), { headers: { ...cookies, ...elsewhere } });
        expect([own.status, foreign.status]).toEqual([200, 404]);
        expect(own.headers.get("Access-Control-Allow-Origin") ?? "").toBe("");
        expect(await socket("/api/events/subscribe", cookies)).toBe(101);
        expect(await socket("/api/events/subscribe", { ...cookies, ...elsewhere })).toBe(403);
      });
    });
  });

  describe("keeps the CIS Docker Benchmark:", () => {
    const isChecked = (rule: Rule) => typeof rule[2] === "function";
    let examined: Examined;

    beforeAll(async () => {
      const look = `cat /proc/1/status; for each in ${needless.join(" ")}; do command -v $each; done; true`;
      const texts = new Map<Inspected, string>();
      for (const container of Object.values(containers)) {
        texts.set(container, await stack.askInside(container.Id, "sh", "-c", look));
      }
      const fields = (text: string) =>
        Object.fromEntries(
          [...text.matchAll(/^(\w+):\s+(.*)$/gm)].map(([, field, value]) => [field!, value!.replace(/\s+/g, " ")]),
        );
      examined = {
        engine: stack.engine.kind,
        containers: [...texts.keys()],
        kernel: new Map([...texts].map(([container, text]) => [container, fields(text)])),
        programs: [...texts].flatMap(([{ Name }, text]) => (text.match(/^\/.*$/gm) ?? []).map((path) => `${Name}: ${path}`)),
      };
    });

    test("all rules of its sections 4 and 5, or a reason against each", () => {
      const numbers = (section: number, last: number) => Array.from({ length: last }, (_, index) => `${section}.${index + 1}`);
      expect(rules.map(([number]) => number)).toEqual([...numbers(4, 12), ...numbers(5, 32)]);
      expect(Object.keys(containers)).toHaveLength(7);
    });

    test.each(rules.filter(isChecked))("%s %s", (_number, _title, check) => {
      expect(typeof check === "function" && check(examined)).toEqual([]);
    });
  });

  test("is written to in no place but its volumes", async () => {
    for (const container of Object.values(containers)) {
      const look = "touch /usr/probe /home/probe /etc/spark-cluster/probe 2>&1; true";
      const seen = await stack.askInside(container.Id, "sh", "-c", look);
      expect(seen.trim().split("\n")).toEqual(
        ["/usr", "/home", "/etc/spark-cluster"].map((folder) => `touch: cannot touch '${folder}/probe': Read-only file system`),
      );
    }
  });
});
