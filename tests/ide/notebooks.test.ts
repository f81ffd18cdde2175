import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { TestStack } from "../integration/helpers/testStack";

const names = ["welcome", "sql", "streaming", "pandas-api", "mllib", "memory"];

/** What a notebook's cells gave, by their ids: what they printed and what they showed, a picture by its type. */
type Outputs = Readonly<Record<string, string>>;

/** Runs a notebook of the shared volume from top to bottom, as Jupyter does, into a copy. A cell that fails ends it. */
const execute = (name: string) => `
import base64, json, subprocess
done = subprocess.run(["/opt/jupyterlab/bin/jupyter", "execute", "--output=ran-${name}", "/opt/workspace/${name}.ipynb"],
                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=1200)
assert done.returncode == 0, done.stdout[-6000:]
def shown(output):
    assert output["output_type"] != "error"
    if output.get("name") == "stderr":
        return ""
    data = output.get("data", {})
    picture = base64.b64decode(data.get("image/png", ""))
    return "PNG" if picture.startswith(b"\\x89PNG") else "".join(output.get("text") or data.get("text/plain") or [])
cells = [cell for cell in json.load(open("/opt/workspace/ran-${name}.ipynb"))["cells"] if cell["cell_type"] == "code"]
assert all(cell["execution_count"] for cell in cells)
print(json.dumps({cell["id"]: "".join(map(shown, cell["outputs"])) for cell in cells}))
`;

describe("the notebooks that a new user finds", () => {
  let stack: TestStack;
  let url: URL;

  /** An answer of JupyterLab's own API, as its page in the browser asks for it. */
  async function lab(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { Authorization: `token ${url.searchParams.get("token") ?? ""}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    expect([200, 201, 204]).toContain(response.status);
    return response.status === 204 ? undefined : await response.json();
  }

  beforeAll(async () => {
    stack = await TestStack.make();
    await stack.bareUp();
    url = new URL((await stack.outputs()).jupyterlab);
  });

  afterAll(() => TestStack.destroyAll());

  test("the first page is the welcome notebook, and its neighbours are in the file browser", async () => {
    expect(await lab("GET", "/lab/api/workspaces/default")).toMatchObject({
      data: {
        "layout-restorer:data": { main: { current: "notebook:welcome.ipynb" } },
        "notebook:welcome.ipynb": { data: { path: "welcome.ipynb" } },
      },
    });
    const { content } = (await lab("GET", "/api/contents")) as { content: { name: string }[] };
    expect(content.map(({ name }) => name)).toEqual(expect.arrayContaining(["data", ...names.map((name) => `${name}.ipynb`)]));
  });

  describe("run from top to bottom, two at a time", () => {
    const ran: Record<string, Promise<Outputs>> = {};

    /** Begins each when the one before it has ended, however it did: that is for its own test to say. */
    function begin(...turn: string[]): void {
      let before: Promise<unknown> = Promise.resolve();
      for (const name of turn) {
        const own = before.then(async () => JSON.parse(await stack.python(execute(name), 1220)) as Outputs);
        ran[name] = own;
        before = own.catch(() => undefined);
      }
    }

    beforeAll(() => {
      begin("welcome", "streaming", "sql");
      begin("memory", "pandas-api", "mllib");
    });

    test("welcome: workers, data, a Python function, a plot, Parquet", async () => {
      const welcome = await ran.welcome!;
      expect(welcome.workers).toBe("spark-worker-1 spark-worker-2\n");
      expect(welcome.aggregate!.match(/\w+\|\s+\d+\|/g)).toEqual(["Adelie|     152|", "Chinstrap|      68|", "Gentoo|     124|"]);
      expect(welcome.udf).toMatch(/Gentoo\|\s+large\|\s+67\|/);
      expect(welcome.plot).toContain("PNG");
      expect(welcome.parquet).toBe("152 rows read back\n");
    });

    test("sql: a cell's result as a table, and as a DataFrame by name", async () => {
      const sql = await ran.sql!;
      expect(sql.query).toMatch(/Adelie\W+152\W+3701[^]*Chinstrap\W+68\W+3733[^]*Gentoo\W+124\W+5076/);
      expect(sql.dataframe).toMatch(/Biscoe\s+Gentoo\s+male\s+6300/);
      expect(sql.python).toBe("Biscoe 168\nDream 124\nTorgersen 52\n");
    });

    test("streaming: what has arrived is counted once", async () => {
      const streaming = await ran.streaming!;
      expect(streaming.query).toMatch(/batch 0 read 110 rows\nbatch 1 read 114 rows\n[^]*Adelie\|\s+100\|/);
      expect(streaming.again).toMatch(/^batch 2 read 120 rows\n[^]*Adelie\|\s+152\|[^]*Chinstrap\|\s+68\|[^]*Gentoo\|\s+124\|/);
    });

    test("the pandas API", async () => {
      const pandas = await ran["pandas-api"]!;
      expect(pandas.count).toMatch(/Adelie\s+152\nGentoo\s+124\nChinstrap\s+68\n/);
      expect(pandas.combine).toMatch(/Adelie\s+70\nChinstrap\s+31\nGentoo\s+58\n/);
      expect(pandas.convert).toMatch(/Adelie\|\s+56\|[^]*Chinstrap\|\s+68\|/);
    });

    test("mllib: a model that knows most of what it has not seen", async () => {
      const mllib = await ran.mllib!;
      const [, training, unseen] = /^(\d+) to train with, (\d+) kept aside\n$/.exec(mllib.data!) ?? [];
      expect(Number(training) + Number(unseen)).toBe(342);
      expect(Number(/^accuracy ([\d.]+)\n/.exec(mllib.judge!)?.[1])).toBeGreaterThan(0.9);
      expect(mllib.save).toBe("the loaded model says the same: True\n");
    });

    test("memory: what happens at each limit", async () => {
      const memory = await ran.memory!;
      expect(memory.connect).toMatch(/executor\.memory +512m\n.*executor\.pyspark\.memory +512m\n.*driver\.memory +1g\n/);
      const [, inMemory, onDisk] = /^16000000 rows\nin memory (\d+) MiB, on disk (\d+) MiB\n$/.exec(memory.cache!) ?? [];
      expect(Math.min(Number(inMemory), Number(onDisk))).toBeGreaterThan(0);
      expect(memory.heap).toMatch(/OutOfMemoryError: Java heap space|exited with code 52/);
      expect(memory.python).toContain("Unable to allocate 763. MiB");
      expect(memory.result).toMatch(
        /Total size of serialized results .* is bigger than spark\.driver\.maxResultSize \(16\.0 MiB\)/,
      );
    });
  });

  test("an update brings what nobody touched up to date, and leaves the person's edits, settings and layout", async () => {
    const settings = "/lab/api/settings/@jupyterlab/apputils-extension:themes";
    const layout = { data: { "layout-restorer:data": { main: { current: "terminal:1" } } }, metadata: { id: "default" } };
    const edited = (await lab("GET", "/api/contents/memory.ipynb")) as { content: { cells: { source: string }[] } };
    edited.content.cells[0]!.source = "# My own notes on memory";
    await lab("PUT", "/api/contents/memory.ipynb", edited);
    await lab("DELETE", "/api/contents/sql.ipynb");
    await lab("PUT", settings, { raw: '{"theme": "JupyterLab Dark"}' });
    await lab("PUT", "/lab/api/workspaces/default", layout);

    for (const name of ["memory", "sql", "mllib"]) {
      const path = join(stack.folder, "images/jupyterlab/notebooks", `${name}.ipynb`);
      writeFileSync(path, readFileSync(path, "utf8").replace('"# ', '"# Of a later image: '));
    }
    const before = await stack.ids();
    await stack.bareUp();
    const after = await stack.ids();
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(["jupyterlab"]);

    const titles = await stack.python(`
import json, pathlib
for name in ("memory", "sql", "mllib"):
    path = pathlib.Path(f"/opt/workspace/{name}.ipynb")
    print("".join(json.loads(path.read_text())["cells"][0]["source"]).splitlines()[0] if path.exists() else "deleted")
`);
    expect(titles).toBe("# My own notes on memory\ndeleted\n# Of a later image: MLlib\n");
    expect(await lab("GET", settings)).toMatchObject({ settings: { theme: "JupyterLab Dark" } });
    expect(await lab("GET", "/lab/api/workspaces/default")).toMatchObject(layout);
    expect(await stack.pendingChanges()).toBe("");
  });
});
