import { Cluster } from "../helpers/cluster";
import { Cell, inNotebook } from "../helpers/notebook";

/** One notebook in a subfolder, whose functions run on both workers. */
const functions = `
folder = "/opt/workspace/workers-python/sub"
os.makedirs(folder + "/pkg", exist_ok=True)
book, cells = Notebook(folder), {}
def add(name, cell):
    cells[name] = book.run(cell)
def write(name, text):
    pathlib.Path(folder, name).write_text(text)
write("helpers.py", "def double(x):\\n    return 2 * x\\n")
write("pkg/__init__.py", "from .more import and_one\\n")
write("pkg/more.py", "import helpers\\ndef and_one(x):\\n    return helpers.double(x) + 1\\n")
book.run(SESSION + """
from pyspark.sql import functions as F
def on_workers(function):
    return sorted(set(spark.sparkContext.parallelize([0, 1], 2).map(function).collect()))
def python_of(function):
    return spark.range(2, numPartitions=2).select(F.udf(function, "long")("id").alias("x")).agg(F.sum("x")).first()[0]
""")
add("module", "import helpers; print(spark.range(3).select(F.udf(helpers.double, 'long')('id')).collect())")
add("package", "import pkg; print(python_of(pkg.and_one))")
write("helpers.py", "def double(x):\\n    return 200 * x\\n")
add("edited", "import importlib; importlib.reload(helpers); print(python_of(helpers.double), python_of(pkg.and_one))")
add("path", "import sys; sys.path.append('/opt/workspace/workers-python'); open('../above.py', 'w').write('three = 3'); "
    "print(python_of(lambda x: __import__('above').three))")
add("working folder", """
open("data.json", "w").write("[3]")
print(python_of(lambda x: __import__("json").load(open("data.json"))[0]))
""")
add("added", """
import os, zipfile
from pyspark import SparkFiles
added = "/opt/workspace/workers-python/added/"
os.makedirs(added, exist_ok=True)
open(added + "table.txt", "w").write("from a file")
for name, entry, text in (("lib.zip", "in_lib.py", "word = 'from a module'"), ("archive.zip", "inner.txt", "from an archive")):
    with zipfile.ZipFile(added + name, "w") as file:
        file.writestr(entry, text)
spark.sparkContext.addFile(added + "table.txt")
spark.sparkContext.addPyFile(added + "lib.zip")
spark.sparkContext.addArchive(added + "archive.zip#unpacked")
def reads(_):
    import in_lib
    return in_lib.word, open(SparkFiles.get("table.txt")).read(), open(SparkFiles.get("unpacked/inner.txt")).read()
print(on_workers(reads))
""")
add("folders", """
def writes(_):
    import os, tempfile
    for path in (os.path.expanduser("~/.cache/birds"), os.path.expanduser("~/.config/birds")):
        os.makedirs(path, exist_ok=True)
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(200):
            file.write(bytes(1 << 20))
    return os.path.expanduser("~") + " " + str(tempfile.gettempdir().startswith("/var/lib/spark/local/"))
print(on_workers(writes))
""")
add("native", """
def maps(_):
    import mmap
    mmap.mmap(-1, 4 << 30)
    return "mapped"
print(on_workers(maps))
""")
add("large", """
def large(_):
    import numpy, time
    kept = numpy.ones(620 * 2**17)
    time.sleep(5)  # what is over before the guard looks is no harm
    return int(kept.sum())
print(python_of(large))
""")
add("held", """
def held(_):
    import time
    kept = bytes(620 << 20).replace(b"\\\\0", b"1")
    end = time.time() + 20
    while time.time() < end:
        try:
            time.sleep(20)
        except MemoryError:
            pass
spark.sparkContext.parallelize([1], 1).map(held).collect()
""")
add("after", "print(python_of(lambda x: 7), spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos().__len__())")
add("temporary", """
import tempfile
with tempfile.TemporaryDirectory() as temporary:
    spark.range(3).write.parquet(temporary + "/rows")
    print(tempfile.gettempdir(), spark.read.parquet(temporary + "/rows").count())
""")
book.close()
print(json.dumps(cells))
`;

type Name =
  | "module"
  | "package"
  | "edited"
  | "path"
  | "working folder"
  | "added"
  | "folders"
  | "native"
  | "large"
  | "held"
  | "after"
  | "temporary";

/** A function that runs in a notebook runs on the workers. */
export function workersPython(cluster: Cluster): void {
  describe("Python of the workers", () => {
    const seen = cluster.shared("running the notebook of functions", (stack) =>
      inNotebook<Readonly<Record<Name, Cell>>>(stack, functions),
    );
    const printed = async (name: Name, output: string) => {
      const { stdout, error } = (await seen())[name];
      expect({ stdout, error }).toEqual({ stdout: `${output}\n`, error: "" });
    };

    cluster.test("a function uses modules and packages that lie beside its notebook, and folders of sys.path", async () => {
      await printed("module", "[Row(double(id)=0), Row(double(id)=2), Row(double(id)=4)]");
      await printed("package", "4");
      await printed("path", "6");
    });

    cluster.test("a function opens files by paths from the notebook's folder", () => printed("working folder", "6"));

    cluster.test("a function finds the files, archives and modules that its session has added", () =>
      printed("added", "[('from a module', 'from a file', 'from an archive')]"),
    );

    cluster.test("after an edit and a reload, workers have the edited module too", async () => {
      await printed("edited", "200 202");
    });

    cluster.test("a function may write to its home and to temporary files larger than /tmp", async () => {
      await printed("folders", "['/var/lib/spark/home True']");
    });

    cluster.test("a function may map more addresses than it has memory", () => printed("native", "['mapped']"));

    cluster.test(
      "a function that takes more than pythonMemory ends with an error that names it, and the executors live on",
      async () => {
        const { large, held } = await seen();
        for (const { error, stderr } of [large, held]) {
          expect(error).not.toBe("");
          expect(stderr).toContain("pulumi config set pythonMemory 1g");
        }
        await printed("after", "14 3");
      },
    );

    cluster.test("temporary files of a notebook are on the shared disk, with room for large packages", () =>
      printed("temporary", "/opt/workspace/.spark-cluster/temporary/jupyterlab/python 3"),
    );
  });
}
