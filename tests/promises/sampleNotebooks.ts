import { TestStack } from "../../testbed/testStack";
import { Cluster } from "../helpers/cluster";

/** Two at a time: each begins when the one before it has ended. */
const turns = [
  ["welcome", "streaming", "sql"],
  ["memory", "pandas-api", "mllib"],
] as const;

type Name = (typeof turns)[number][number];

/** What a notebook's cells gave, by their ids: what they printed and what they showed, a picture by its type; and `warnings` of Spark. */
type Outputs = Readonly<Record<string, string>>;

/** Runs a notebook of the shared volume from top to bottom, as Jupyter does, into a copy. A cell that fails ends it. */
const execute = (name: Name) => `
import base64, json, re, subprocess
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
def unasked(text):
    # Next to another notebook, a cell may have to wait for executors, and says so in two lines, or Spark does in one.
    wait = r"^(\\[spark-cluster\\] .*\\n(Shut another notebook down.*\\n)?|.* Initial job has not accepted any resources; .*\\n)"
    return re.sub(wait, "", text, flags=re.MULTILINE)
warnings = [unasked("".join(output["text"])) for cell in cells for output in cell["outputs"] if output.get("name") == "stderr"]
print(json.dumps({**{cell["id"]: "".join(map(shown, cell["outputs"])) for cell in cells}, "warnings": "".join(warnings)}))
`;

/** Begins all of them. One that fails does not keep the next from its turn. */
function begin(stack: TestStack): ReadonlyMap<Name, Promise<Outputs>> {
  const ran = new Map<Name, Promise<Outputs>>();
  for (const turn of turns) {
    let before: Promise<unknown> = Promise.resolve();
    for (const name of turn) {
      const own = before.then(async () => JSON.parse(await stack.python(execute(name), 1220)) as Outputs);
      ran.set(name, own);
      before = own.catch(() => undefined);
    }
  }
  return ran;
}

/** The notebooks that a new user finds. */
export function sampleNotebooks(cluster: Cluster): void {
  const begun = cluster.shared("their begin", (stack) => Promise.resolve(begin(stack)));
  const ran = async (name: Name): Promise<Outputs> => (await begun()).get(name)!;

  describe("sample notebooks", () => {
    cluster.test("welcome: a notebook of JupyterLab runs on all workers; data, a Python function, a plot, Parquet", async () => {
      const welcome = await ran("welcome");
      expect(welcome.workers).toBe("spark-worker-1 spark-worker-2\n");
      expect(welcome.aggregate!.match(/\w+\|\s+\d+\|/g)).toEqual(["Adelie|     152|", "Chinstrap|      68|", "Gentoo|     124|"]);
      expect(welcome.udf).toMatch(/Gentoo\|\s+large\|\s+67\|/);
      expect(welcome.plot).toContain("PNG");
      expect(welcome.parquet).toBe("152 rows read back\n");
    });

    cluster.test("sql: a cell's result as a table, and as a DataFrame by name", async () => {
      const sql = await ran("sql");
      expect(sql.query).toMatch(/Adelie\W+152\W+3701[^]*Chinstrap\W+68\W+3733[^]*Gentoo\W+124\W+5076/);
      expect(sql.dataframe).toMatch(/Biscoe\s+Gentoo\s+male\s+6300/);
      expect(sql.python).toBe("Biscoe 168\nDream 124\nTorgersen 52\n");
    });

    cluster.test("streaming: each file is counted once", async () => {
      const streaming = await ran("streaming");
      expect(streaming.query).toMatch(/batch 0 read 110 rows\nbatch 1 read 114 rows\n[^]*Adelie\|\s+100\|/);
      expect(streaming.again).toMatch(/^batch 2 read 120 rows\n[^]*Adelie\|\s+152\|[^]*Chinstrap\|\s+68\|[^]*Gentoo\|\s+124\|/);
    });

    cluster.test("the pandas API", async () => {
      const pandas = await ran("pandas-api");
      expect(pandas.count).toMatch(/Adelie\s+152\nGentoo\s+124\nChinstrap\s+68\n/);
      expect(pandas.combine).toMatch(/Adelie\s+70\nChinstrap\s+31\nGentoo\s+58\n/);
      expect(pandas.convert).toMatch(/Adelie\|\s+56\|[^]*Chinstrap\|\s+68\|/);
    });

    cluster.test("mllib: a model that is right about most unseen rows", async () => {
      const mllib = await ran("mllib");
      const [, training, unseen] = /^(\d+) to train with, (\d+) kept aside\n$/.exec(mllib.data!) ?? [];
      expect(Number(training) + Number(unseen)).toBe(342);
      expect(Number(/^accuracy ([\d.]+)\n/.exec(mllib.judge!)?.[1])).toBeGreaterThan(0.9);
      expect(mllib.save).toBe("the loaded model says the same: True\n");
    });

    cluster.test("no cell has a warning that nobody asked for", async () => {
      for (const name of ["welcome", "streaming", "sql", "pandas-api", "mllib"] as const) {
        const { warnings = "" } = await ran(name);
        // The pandas API of Spark 3 warns of its own next version.
        const isNews = (line: string) =>
          !cluster.hasSpark3 || !/pyspark\/pandas\/.* FutureWarning: |^ *warnings\.warn\($/.test(line);
        expect({ name, warnings: warnings.split("\n").filter(isNews).join("\n") }).toEqual({ name, warnings: "" });
      }
    });

    cluster.test("memory: what happens at each limit", async () => {
      const memory = await ran("memory");
      expect(memory.connect).toMatch(/executor\.memory +512m\n.*executor\.pyspark\.memory +512m\n.*driver\.memory +1g\n/);
      const [, inMemory, onDisk] = /^16000000 rows\nin memory (\d+) MiB, on disk (\d+) MiB\n$/.exec(memory.cache!) ?? [];
      expect(Math.min(Number(inMemory), Number(onDisk))).toBeGreaterThan(0);
      expect(memory.heap).toMatch(/OutOfMemoryError: Java heap space|exited with code 52/);
      expect(memory.python).toMatch(/pythonMemory: Python on this executor took \d+m, more than its share of 512m\./);
      expect(memory.result).toMatch(
        /Total size of serialized results .* is bigger than spark\.driver\.maxResultSize \(16\.0 MiB\)/,
      );
    });
  });
}
