import { TestStack } from "../../integration/helpers/testStack";

interface Output {
  readonly text?: string | readonly string[];
  readonly traceback?: readonly string[];
}

/** Runs cells one after the other as a notebook of JupyterLab, errors or not, and returns what each printed. */
export async function notebook(stack: TestStack, cells: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const file = "/opt/workspace/test.ipynb";
  const text = JSON.stringify({
    cells: Object.values(cells).map((source) => ({
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: { kernelspec: { name: "python3", display_name: "PySpark", language: "python" } },
    nbformat: 4,
    nbformat_minor: 4,
  });
  const outputs = await stack.python(
    `
import json, subprocess
open("${file}", "w").write(${JSON.stringify(text)})
command = ["/opt/jupyterlab/bin/jupyter", "execute", "--inplace", "--allow-errors", "--timeout=240", "${file}"]
subprocess.run(command, check=True, capture_output=True, timeout=400)
print(json.dumps([cell["outputs"] for cell in json.load(open("${file}"))["cells"]]))
`,
    420,
  );
  const parsed = JSON.parse(outputs.trim().split("\n").at(-1) ?? "") as readonly (readonly Output[])[];
  return Object.fromEntries(
    Object.keys(cells).map((name, index) => [
      name,
      (parsed[index] ?? []).flatMap(({ text = [], traceback = [] }) => [text, traceback].flat()).join(""),
    ]),
  );
}
