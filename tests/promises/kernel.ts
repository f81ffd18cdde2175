import { Cluster } from "../helpers/cluster";
import { Cell, inNotebook } from "../helpers/notebook";

/**
 * Four notebooks on a cluster with two sessions: `holder` and `first` take both, `waiting` is one too many, and `refused` has a wrong
 * secret. The kernel names a wrong secret only while the master lets no other driver in, so that no session starts before it has.
 */
const notebooks = `
idle = ask_server("/api/metrics/v1")
holder = server_kernel()
def run(cell):
    holder.execute_interactive(cell, output_hook=lambda _: None, timeout=200)
run(SESSION + "spark.createDataFrame([(1,)]).schema")
session = ask_server("/api/metrics/v1")
used = {"idle": idle["rss"], "session": session["rss"], "limit": idle["limits"]["memory"]["rss"]}

first, cells = Notebook(), {}
def add(name, cell):
    cells[name] = first.run(cell)
add("ahead", """
import os, pathlib, time
def java():
    children = pathlib.Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [child for child in children if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == "java"]
deadline = time.time() + 60
while not java() and time.time() < deadline:
    time.sleep(0.2)
print(*java())
""")
add("session", SESSION + "spark")
add("taken", "print(spark.sparkContext._gateway.proc.pid)")
add("executors", """
while len(spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) < 3:
    time.sleep(0.2)
""")
add("job", "spark.range(1000).repartition(3).count()")
add("page", """
import urllib.request
path = "/proxy/" + spark.sparkContext.uiWebUrl.split("/proxy/")[1]
for page in ("/jobs/", "/stages/stage/?id=0&attempt=0"):
    print(urllib.request.urlopen("http://spark-master:8080" + path + page).read().decode())
""")
add("sql", "%%sql top\\ncreate temp view numbers as select id from range(200); select id, '<a>' as tag from numbers order by id")
add("bound", "print(top.count(), top.columns)")

waiting, refused = Notebook(), Notebook()
waiting.run(SESSION)
refusing, wrong = refused.begin(SESSION.replace(".getOrCreate", ".config('spark.authenticate.secret', 'wrong').getOrCreate"))
going_on, turn = waiting.begin("print(spark.range(5).count())")
going_on.join(25)
waits = going_on.is_alive()
run("spark.stop()")
end_server_kernel(holder)
going_on.join(250)
waiting.close()

while refusing.is_alive() and not wrong["stderr"]:
    time.sleep(0.2)
add("second", "spark.stop()" + SESSION + "print(spark.range(5).count())")
first.close()
refusing.join()
after = refused.run("print('alive')")
refused.close()
print(json.dumps({"cells": cells, "used": used, "waits": waits, "turn": turn, "wrong": wrong, "after": after}))
`;

interface Seen {
  readonly cells: Readonly<Record<"ahead" | "session" | "taken" | "job" | "page" | "sql" | "bound" | "second", Cell>>;
  readonly used: Readonly<Record<"idle" | "session" | "limit", number>>;
  readonly waits: boolean;
  readonly turn: Cell;
  readonly wrong: Cell;
  readonly after: Cell;
}

/** What the kernel adds to a notebook. The cluster has two workers and two sessions, of which none is in use. */
export function kernel(cluster: Cluster): void {
  describe("kernel", () => {
    const seen = cluster.shared("running the notebooks", (stack) => inNotebook<Seen>(stack, notebooks));

    cluster.test("a first session writes nothing into its cell that is not asked for", async () => {
      expect((await seen()).cells.session).toMatchObject({ stdout: "", stderr: "", error: "" });
    });

    cluster.test("a first session takes the Java that the kernel has started for it", async () => {
      const { ahead, taken } = (await seen()).cells;
      expect(ahead.stdout).toMatch(/^\d+\n$/);
      expect(taken.stdout).toBe(ahead.stdout);
    });

    cluster.test("a session's link leads a browser to its page, through the master", async (stack) => {
      const { session, page } = (await seen()).cells;
      const { sparkUi } = await stack.outputs();
      expect(session.html.join()).toContain(`<a href="${sparkUi}/proxy/app-`);
      expect(page.stdout).toContain("<title>pyspark-shell - Spark Jobs</title>");
      expect(page.stdout).toContain("Details for Stage 0");
    });

    cluster.test("the progress of a job reaches the page, with a link to each of its stages", async (stack) => {
      const { progress, html, stderr } = (await seen()).cells.job;
      expect(progress).toContainEqual(expect.objectContaining({ msgtype: "sparkJobStart", jobId: 0, status: "RUNNING" }));
      expect(progress).toContainEqual(expect.objectContaining({ msgtype: "sparkJobEnd", jobId: 0, status: "COMPLETED" }));
      const { sparkUi } = await stack.outputs();
      expect(html.join()).toMatch(new RegExp(`href="${sparkUi}/proxy/app-[\\d-]+/stages/stage/\\?id=0&amp;attempt=0"`));
      expect(stderr).toBe("");
    });

    cluster.test("a second session of the same kernel has its progress too", async () => {
      const { second } = (await seen()).cells;
      expect(second).toMatchObject({ stdout: "5\n", error: "" });
      const kinds = second.progress.map(({ msgtype }) => msgtype);
      expect(kinds).toEqual(expect.arrayContaining(["sparkApplicationEnd", "sparkApplicationStart", "sparkJobEnd"]));
    });

    cluster.test("%%sql shows a table, says that there is more, and gives the result a name", async () => {
      const { sql, bound } = (await seen()).cells;
      const [table, ...others] = sql.html.filter((html) => html.includes("<table>"));
      expect(others).toEqual([]);
      expect(table).toContain("<th>id</th><th>tag</th>");
      expect(table).toContain("<td>99</td><td>&lt;a&gt;</td>");
      expect(table).not.toContain("<td>100</td>");
      expect(table).toContain("The first 100 rows; there are more.");
      expect(bound.stdout).toBe("200 ['id', 'tag']\n");
    });

    cluster.test("a notebook beyond `sessions` says within 20 s why it waits, and goes on when another ends", async () => {
      const { waits, turn } = await seen();
      expect(waits).toBe(true);
      expect(turn.told).toBeLessThan(20);
      expect(turn.stderr).toMatch(/cores are taken, by pyspark-shell \(app-[\d-]+, 2 cores\), pyspark-shell/);
      expect(turn.stderr).toContain("`sessions`");
      expect(turn.stderr).toContain("It has executors now and goes on.");
      expect(turn).toMatchObject({ stdout: "5\n", error: "" });
    });

    cluster.test("the status bar counts a driver's Java, against the limit of the container", async (stack) => {
      const { used } = await seen();
      const mebibyte = 1024 * 1024;
      expect(used.session - used.idle).toBeGreaterThan(150 * mebibyte);
      expect(used.limit).toBe((await stack.containers()).jupyterlab!.HostConfig.Memory);
    });

    cluster.test("a wrong secret is named as the cause, while the cell waits and when Spark gives up", async () => {
      const { wrong, after } = await seen();
      expect(wrong.stderr).toContain("another secret, or no encryption");
      expect(wrong.error).toContain("All masters are unresponsive");
      expect(wrong.stderr).toContain("its secret is missing or wrong");
      expect(after.stdout).toBe("alive\n");
    });
  });
}
