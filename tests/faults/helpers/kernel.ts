import { TestStack } from "../../integration/helpers/testStack";

/** Has a kernel of JupyterLab's own run a cell; the kernel and its session stay. Prints what the cell prints. */
const runInKernel = (cell: string) => `
import json, pathlib, time, urllib.request
from jupyter_client.blocking import BlockingKernelClient
from jupyter_core.paths import jupyter_runtime_dir
token = pathlib.Path("/etc/spark-cluster/jupyter-token").read_text().strip()
request = urllib.request.Request("http://localhost:8888/api/kernels", b'{"name": "python3"}', {"Authorization": "token " + token})
kernel = json.load(urllib.request.urlopen(request))["id"]
client = BlockingKernelClient(connection_file=f"{jupyter_runtime_dir()}/kernel-{kernel}.json")
client.load_connection_file()
client.start_channels()
while True:
    try:
        client.wait_for_ready(timeout=60)
        break
    except RuntimeError:  # on a busy machine a kernel that has not begun yet counts as dead
        time.sleep(1)
def hear(message):
    if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
        print(message["content"]["text"], end="")
client.execute_interactive(${JSON.stringify(cell)}, output_hook=hear, timeout=150)
`;

/** Opens a session in a kernel of JupyterLab's own, has it do a job, and leaves it open. Returns the id of its application. */
export async function openSession(stack: TestStack): Promise<string> {
  const cell = `
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print(spark.range(100).repartition(4).count(), spark.sparkContext.applicationId)
`;
  const source = JSON.stringify(runInKernel(cell));
  const output = await stack.python(
    `import os; python = "/opt/jupyterlab/bin/python"; os.execv(python, [python, "-c", ${source}])`,
  );
  const id = /^100 (app-[\d-]+)$/m.exec(output)?.[1];
  if (id === undefined) {
    throw new Error(`no session was opened: ${output}`);
  }
  return id;
}
