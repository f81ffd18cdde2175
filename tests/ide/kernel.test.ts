import { TestStack } from "../integration/helpers/testStack";
import { Cell, inNotebook } from "./helpers/notebook";

/** What goes well, in one notebook. */
const oneNotebook = `
book, cells = Notebook(), {}
def run(name, cell):
    cells[name] = book.run(cell)
run("session", SESSION + "spark")
run("executor", """
import time
while len(spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) < 2:
    time.sleep(0.2)
""")
run("job", "spark.range(1000).repartition(3).count()")
run("page", """
import urllib.request
path = "/proxy/" + spark.sparkContext.uiWebUrl.split("/proxy/")[1]
for page in ("/jobs/", "/stages/stage/?id=0&attempt=0"):
    print(urllib.request.urlopen("http://spark-master:8080" + path + page).read().decode())
""")
run("sql", "%%sql top\\ncreate temp view numbers as select id from range(200); select id, '<a>' as tag from numbers order by id")
run("bound", "print(top.count(), top.columns)")
run("second", "spark.stop()" + SESSION + "print(spark.range(5).count())")
print(json.dumps(cells))
book.close()
`;

/** A notebook more than there is room for. */
const oneTooMany = `
import threading
books = [Notebook() for _ in range(3)]
for book in books[:2]:
    book.run(SESSION + "spark.range(5).count()")
books[2].run(SESSION)
waiting = {}
thread = threading.Thread(target=lambda: waiting.update(books[2].run("print(spark.range(5).count())")))
thread.start()
thread.join(25)
waits = thread.is_alive()
books[0].run("spark.stop()")
thread.join(250)
print(json.dumps({"waits": waits, "cell": waiting}))
for book in books:
    book.close()
`;

const wrongSecret = `
book = Notebook()
refused = book.run(SESSION.replace(".getOrCreate", ".config('spark.authenticate.secret', 'wrong').getOrCreate"))
after = book.run("print('alive')")
print(json.dumps({"refused": refused, "after": after}))
book.close()
`;

const lostMaster = `
book = Notebook()
print(json.dumps(book.run(SESSION)))
book.close()
`;

/** What the status bar is told of memory, without and with a session in a kernel of the server's. */
const memory = `
client = server_kernel()
def run(cell):
    client.execute_interactive(cell, output_hook=lambda _: None, timeout=200)
run("pass")
idle = ask_server("/api/metrics/v1")
run(SESSION + "spark.createDataFrame([(1,)]).schema")
session = ask_server("/api/metrics/v1")
run("spark.stop()")
print(json.dumps({"idle": idle["rss"], "session": session["rss"], "limit": idle["limits"]["memory"]["rss"]}))
`;

describe("a cluster for two notebooks", () => {
  let stack: TestStack;
  let cells: Readonly<Record<string, Cell>>;
  let tooMany: { readonly waits: boolean; readonly cell: Cell };
  let secret: { readonly refused: Cell; readonly after: Cell };
  let used: Readonly<Record<"idle" | "session" | "limit", number>>;

  beforeAll(async () => {
    stack = await TestStack.make({ config: { workers: "1" } });
    await stack.bareUp();
    cells = await inNotebook<typeof cells>(stack, oneNotebook);
    secret = await inNotebook<typeof secret>(stack, wrongSecret); // alone: one let in beside it would count as it
    used = await inNotebook<typeof used>(stack, memory);
    tooMany = await inNotebook<typeof tooMany>(stack, oneTooMany);
  });

  afterAll(() => TestStack.destroyAll());

  test("a first session writes nothing into its cell that is not asked for", () => {
    expect(cells.session).toMatchObject({ stdout: "", stderr: "", error: "" });
  });

  test("a session's link leads a browser to its page, through the master", async () => {
    const { sparkUi } = await stack.outputs();
    expect(cells.session!.html.join()).toContain(`<a href="${sparkUi}/proxy/app-`);
    expect(cells.page!.stdout).toContain("<title>pyspark-shell - Spark Jobs</title>");
    expect(cells.page!.stdout).toContain("Details for Stage 0");
  });

  test("the progress of a job reaches the page, with a link to each of its stages", async () => {
    const { progress, html, stderr } = cells.job!;
    expect(progress).toContainEqual(expect.objectContaining({ msgtype: "sparkJobStart", jobId: 0, status: "RUNNING" }));
    expect(progress).toContainEqual(expect.objectContaining({ msgtype: "sparkJobEnd", jobId: 0, status: "COMPLETED" }));
    const { sparkUi } = await stack.outputs();
    expect(html.join()).toMatch(new RegExp(`href="${sparkUi}/proxy/app-[\\d-]+/stages/stage/\\?id=0&amp;attempt=0"`));
    expect(stderr).toBe("");
  });

  test("a second session of the same kernel has its progress too", () => {
    expect(cells.second).toMatchObject({ stdout: "5\n", error: "" });
    const kinds = cells.second!.progress.map(({ msgtype }) => msgtype);
    expect(kinds).toEqual(expect.arrayContaining(["sparkApplicationEnd", "sparkApplicationStart", "sparkJobEnd"]));
  });

  test("%%sql shows a table, says that there is more, and gives the result a name", () => {
    const [table, ...others] = cells.sql!.html.filter((html) => html.includes("<table>"));
    expect(others).toEqual([]);
    expect(table).toContain("<th>id</th><th>tag</th>");
    expect(table).toContain("<td>99</td><td>&lt;a&gt;</td>");
    expect(table).not.toContain("<td>100</td>");
    expect(table).toContain("The first 100 rows; there are more.");
    expect(cells.bound!.stdout).toBe("200 ['id', 'tag']\n");
  });

  test("a notebook more than there are sessions says within 20 s why it waits, and goes on when another ends", () => {
    const { waits, cell } = tooMany;
    expect(waits).toBe(true);
    expect(cell.told).toBeLessThan(20);
    expect(cell.stderr).toMatch(/cores are taken, by pyspark-shell \(app-[\d-]+, 1 core\), pyspark-shell/);
    expect(cell.stderr).toContain("`sessions`");
    expect(cell.stderr).toContain("It has executors now and goes on.");
    expect(cell).toMatchObject({ stdout: "5\n", error: "" });
  });

  test("the status bar counts a driver's Java, against the limit of the container", async () => {
    const mebibyte = 1024 * 1024;
    expect(used.session - used.idle).toBeGreaterThan(150 * mebibyte);
    expect(used.limit).toBe((await stack.containers()).jupyterlab!.HostConfig.Memory);
  });

  test("a wrong secret is named as the cause, while the cell waits and when Spark gives up", () => {
    const { refused, after } = secret;
    expect(refused.stderr).toContain("refuses a driver with another secret");
    expect(refused.error).toContain("All masters are unresponsive");
    expect(refused.stderr).toContain("its secret is missing or wrong");
    expect(after.stdout).toBe("alive\n");
  });

  test("a lost master is named as the cause, while the cell waits and when Spark gives up", async () => {
    const master = `spark-cluster-${stack.name}-master`;
    await stack.ask("stop", master);
    const { stderr, error } = await inNotebook<Cell>(stack, lostMaster);
    await stack.ask("start", master);
    expect(stderr).toMatch(
      /The master does not answer, so that nobody gives out executors[^]*The master does not answer at spark:/,
    );
    expect(stderr).toContain("make up brings it back");
    expect(error).toContain("All masters are unresponsive");
  });
});
