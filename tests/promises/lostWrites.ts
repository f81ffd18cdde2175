import { Cluster } from "../helpers/cluster";
import { Cell, inNotebook } from "../helpers/notebook";

/** What Spark must not write outside of the shared folder; each is given a folder that only its own container sees. */
const refusedWrites = {
  "DataFrame.write": "numbers.write.csv(path)",
  "a file:// address": "numbers.write.mode('overwrite').parquet('file://' + path)",
  "an overwrite of the driver's own files":
    "os.makedirs(path); open(path + '/kept', 'w').close(); numbers.write.mode('overwrite').csv(path)",
  "a path out of the shared folder": "numbers.write.json('/opt/workspace/../..' + path)",
  "a link out of the shared folder": "numbers.write.json(link(path))",
  "RDD.saveAsTextFile": "numbers.rdd.saveAsTextFile(path)",
  "RDD.saveAsPickleFile": "numbers.rdd.saveAsPickleFile(path)",
  setCheckpointDir: "spark.sparkContext.setCheckpointDir(path)",
  "saveAsTable with a path": "numbers.write.option('path', path).saveAsTable('lost')",
  "INSERT OVERWRITE DIRECTORY": "spark.sql(f\"INSERT OVERWRITE DIRECTORY '{path}' USING parquet SELECT 1 AS a\")",
  "a table with a location": "spark.sql(f\"CREATE TABLE located USING csv LOCATION '{path}' AS SELECT 1 AS a\")",
  "a model": "VectorAssembler(inputCols=['id'], outputCol='vector').save(path)",
  "pandas on Spark": "numbers.pandas_api().to_parquet(path)",
  "a stream's checkpoint": "stream().format('noop').option('checkpointLocation', path).start().awaitTermination()",
  "a stream's files": "stream().format('json').option('checkpointLocation', shared + '/c1').start(path).awaitTermination()",
};

/** What goes on working: files below the shared folder, those of the notebook's own Python, and those that Spark keeps for itself. */
const writes = {
  "the shared folder": "numbers.write.csv(shared + '/csv'); spark.read.csv(shared + '/csv').count()",
  "a relative path": "numbers.write.json(os.path.relpath(shared + '/relative')); spark.read.json(shared + '/relative').count()",
  "a model": "VectorAssembler(inputCols=['id'], outputCol='vector').save(shared + '/model'); len(os.listdir(shared + '/model'))",
  "pandas' own": "numbers.toPandas().to_csv(path); len(open(path).readlines())",
  "Python on an executor": "numbers.rdd.map(lambda row: open(path, 'w').write('x')).count()",
  "a copy by the driver": "copy(shared + '/_lost_writes.txt', path); open(path).read()",
  "a checkpoint of blocks": "numbers.localCheckpoint().count()",
  "a stream's checkpoint": "stream().format('noop').option('checkpointLocation', shared + '/c2').start().awaitTermination()",
  "a stream that names no checkpoint": "stream().format('memory').queryName('memory').start().awaitTermination()",
};

const cells = (kind: string, sources: Readonly<Record<string, string>>) => `
for number, (name, source) in enumerate(json.loads(${JSON.stringify(JSON.stringify(sources))}).items()):
    ${kind}[name] = notebook.run("path = '/tmp/lost-${kind}-%d'\\n%s" % (number, source))
`;

const source = `
notebook, refused, works = Notebook(), {}, {}
setup = notebook.run(SESSION + """
import os, shutil, tempfile
from pyspark.ml.feature import VectorAssembler
shared = tempfile.mkdtemp(dir="/opt/workspace")
open(shared + "/_lost_writes.txt", "w").write("copied")
numbers = spark.range(100).repartition(2)
numbers.write.json(shared + "/in")
temporary = "/opt/workspace/.spark-cluster/temporary/jupyterlab"
before = os.listdir(temporary) if os.path.exists(temporary) else []
def stream():
    return spark.readStream.schema("id long").json(shared + "/in").writeStream.trigger(availableNow=True)
def link(path):
    os.makedirs(path)
    os.symlink(path, shared + "/link")
    return shared + "/link/" + os.path.basename(path)
def copy(one, other):
    hadoop = spark.sparkContext._jvm.org.apache.hadoop.fs
    files = hadoop.FileSystem.get(spark.sparkContext._jsc.hadoopConfiguration())
    files.copyToLocalFile(hadoop.Path(one), hadoop.Path(other))
""")
${cells("refused", refusedWrites)}
${cells("works", writes)}
left = notebook.run("""
import glob
print([file for folder in glob.glob("/tmp/lost-refused-*") for _, _, files in os.walk(folder) for file in files])
print([folder for folder in os.listdir(temporary) if folder not in before])
spark.stop()
shutil.rmtree(shared)
""")
notebook.close()
print(json.dumps({"setup": setup, "refused": refused, "works": works, "left": left}))
`;

interface Seen {
  readonly setup: Cell;
  readonly refused: Readonly<Record<string, Cell>>;
  readonly works: Readonly<Record<string, Cell>>;
  readonly left: Cell;
}

/** What Spark writes to a disk that only one container sees is refused before it is lost. */
export function lostWrites(cluster: Cluster): void {
  describe("lost writes", () => {
    const seen = cluster.shared("writing where nobody else sees it", (stack) => inNotebook<Seen>(stack, source));

    cluster.test("what only a worker would see is refused, with the folder to write to instead", async () => {
      const { setup, refused } = await seen();
      expect(setup.error).toBe("");
      const errors = Object.entries(refused).map(([name, { error }], number) => {
        const path = `/tmp/lost-refused-${number}`;
        const where = name.startsWith("a link")
          ? /^\S+: \/opt\/workspace\/tmp\w+\/link\/lost/
          : new RegExp(`^\\S+: ${path} is on `);
        return where.test(error) && error.includes(`to /opt/workspace/lost-refused-${number}.`) ? "refused" : `${name}: ${error}`;
      });
      expect(errors).toEqual(Object.keys(refusedWrites).map(() => "refused"));
    });

    cluster.test("a refused write leaves no file and deletes none, and a stopped query leaves no checkpoint", async () => {
      expect((await seen()).left).toMatchObject({ stdout: "['kept']\n[]\n", error: "" });
    });

    cluster.test("the shared folder, the driver's own files and Spark's own can be written to", async () => {
      const errors = Object.entries((await seen()).works).map(([name, { error }]) => [name, error]);
      expect(errors).toEqual(Object.keys(writes).map((name) => [name, ""]));
    });
  });
}
