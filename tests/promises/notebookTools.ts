import { Locator } from "playwright-core";

import { TestStack } from "../../testbed/testStack";
import { Person } from "../helpers/browser";
import { Cluster } from "../helpers/cluster";
import { Cell, inNotebook } from "../helpers/notebook";

/** A notebook's cells, each with what a person sees under it: in the page in which they were installed, without a reload. */
const cells: readonly (readonly [source: string, sees: string])[] = [
  ["%pip install --quiet plotly==7.1.0 altair==6.3.0 bokeh==3.9.2\nprint('installed')", "pre"],
  ["import ipywidgets\nipywidgets.HBox([ipywidgets.IntSlider(), ipywidgets.Text('a text')])", ".widget-hbox .widget-slider"],
  ["from tqdm.notebook import tqdm\nfor _ in tqdm(range(3)): pass", ".widget-hbox .progress-bar"],
  ["import plotly.graph_objects as go\ngo.Figure(go.Scatter(x=[1, 2, 3], y=[1, 3, 2]))", ".js-plotly-plot svg.main-svg"],
  [
    "import altair, pandas\naltair.Chart(pandas.DataFrame({'a': ['x', 'y'], 'b': [1, 2]})).mark_bar().encode(x='a', y='b')",
    ".vega-embed canvas, .vega-embed svg",
  ],
  [
    "from bokeh.plotting import figure, output_notebook, show\noutput_notebook()\nplot = figure(height=200)\nplot.line([1, 2], [1, 3])\nshow(plot)",
    ".bk-Figure canvas",
  ],
  [
    "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\nspark.range(9).pandas_api().plot()",
    ".js-plotly-plot svg.main-svg",
  ],
];

/**
 * Without a browser: Spark's own plot, before plotly is installed, and `jupyter` in a cell. Then the cells above are put
 * where JupyterLab shows them.
 */
const before = `
notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3", "display_name": "PySpark"}}, "cells": [
    {"cell_type": "code", "id": f"cell-{place}", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
    for place, source in enumerate(json.loads(${JSON.stringify(JSON.stringify(cells.map(([source]) => source)))}))]}
def put(name, notebook):
    ask_server(f"/api/contents/{name}.ipynb", json.dumps({"type": "notebook", "content": notebook}).encode(), "PUT")
put("tools", notebook)
put("answer", {**notebook, "cells": [{**notebook["cells"][0], "source": "print(6 * 7)"}]})

own = Notebook()
ran = {
    "plot": own.run(SESSION + "spark.range(9).pandas_api().plot()"),
    "stop": own.run("spark.stop()"),
    "commands": own.run("""
!cd /opt/workspace && jupyter execute --inplace answer.ipynb && jupyter nbconvert --to html --stdout answer.ipynb | grep --count '^<pre>42'
!jupyter server list
"""),
}
own.close()

def typed(*lines):
    """What a terminal of JupyterLab's page prints."""
    import asyncio
    from tornado import httpclient, websocket

    async def talk():
        name = ask_server("/api/terminals", b"{}", "POST")["name"]
        address = httpclient.HTTPRequest(f"ws://localhost:8888/terminals/websocket/{name}", headers=authorization())
        terminal, output = await websocket.websocket_connect(address), ""
        for line in (*lines, "echo fini''shed"):
            await terminal.write_message(json.dumps(["stdin", line + chr(13)]))
        while "finished" not in output:
            kind, *content = json.loads(await asyncio.wait_for(terminal.read_message(), 60))
            output += content[0] if kind == "stdout" else ""
        ask_server(f"/api/terminals/{name}", method="DELETE")
        return output

    return asyncio.run(talk())

programs = "bzip2 curl free git jupyter less nano pip ps pyspark python spark-submit top unzip wget xz zip"
terminal = typed("echo =$SHELL=", f"for each in {programs}; do command -v $each > /dev/null || echo no-$each; done", "python -c 'import pyspark; print(6 * 7)'")

exports = {}
for name in ask_server("/api/nbconvert"):
    request = urllib.request.Request(f"http://localhost:8888/nbconvert/{name}/answer.ipynb", headers=authorization())
    exports[name] = urllib.request.urlopen(request, timeout=60).status if name != "custom" else "a template of one's own"
print(json.dumps({**ran, "exports": exports, "terminal": terminal}))
`;

interface Before extends Readonly<Record<"plot" | "commands", Cell>> {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly terminal: string;
}

/** Ends the kernels that pages leave behind, and their sessions. */
const endOfKernels = `
for kernel in ask_server("/api/kernels"):
    ask_server("/api/kernels/" + kernel["id"], method="DELETE")
print("null")
`;

/** Runs the notebook in a browser, and looks under each of its cells. */
async function look(stack: TestStack): Promise<void> {
  const person = await Person.start();
  try {
    const address = new URL((await stack.outputs()).jupyterlab);
    address.pathname = "/lab/tree/tools.ipynb";
    const { page, complaints } = await person.open(address.href);
    const notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)", { hasText: "import ipywidgets" });
    await notebook.locator(".jp-CodeCell").first().waitFor();
    await page.getByText("PySpark | Idle").waitFor();
    await page.getByRole("menuitem", { name: "Run", exact: true }).click();
    await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
    for (const [place, [, sees]] of cells.entries()) {
      const cell: Locator = notebook.locator(".jp-CodeCell").nth(place);
      await cell.scrollIntoViewIfNeeded();
      await cell.locator(sees).first().waitFor();
      await person.picture(page, `tools-${place}`);
    }
    // A plot that asks a CDN for its library would have failed to reach it, or succeeded where there is one.
    expect(complaints).toEqual([]);
  } finally {
    await person.stop();
    await inNotebook(stack, endOfKernels);
  }
}

/** What people expect in a notebook, and what `jupyter` does in a terminal and a cell. No session of the cluster is in use. */
export function notebookTools(cluster: Cluster): void {
  describe("notebook tools", () => {
    const seen = cluster.shared("running cells without a browser", (stack) => inNotebook<Before>(stack, before));

    cluster.test("the pandas API plots with matplotlib while plotly is not installed", async () => {
      const { plot } = await seen();
      expect(plot).toMatchObject({ error: "", stderr: "" });
      expect(plot.html.join()).toContain("<Figure size");
    });

    cluster.test("widgets, progress bars and plots of plotly, altair, bokeh and Spark show in a browser", async (stack) => {
      await seen();
      await look(stack);
    });

    cluster.test("every jupyter command of the image works in a terminal, and in a cell", async (stack) => {
      const { commands, terminal } = await seen();
      // A terminal of the page is not what `docker exec` starts.
      expect(terminal).toContain("=/bin/bash=");
      expect(terminal).toMatch(/^42\r$/m);
      expect(terminal.match(/^no-\w+/gm)).toBeNull();
      expect(commands.stdout).toMatch(/^1\s*$/m);
      expect(commands.stdout).toContain(" :: /opt/workspace");
      const failed = `ls /opt/jupyterlab/bin | grep ^jupyter | xargs -P 2 -I {} sh -c '{} --help > /dev/null 2>&1 || echo {}'`;
      expect(await stack.askInside(stack.nameOf("jupyterlab"), "sh", "-c", failed)).toBe("");
    });

    cluster.test(
      "every export in JupyterLab's menu works, and none that needs a program the image does not have is there",
      async () => {
        const { exports } = await seen();
        const working = Object.fromEntries(
          ["html", "markdown", "notebook", "python", "script", "slides"].map((name) => [name, 200]),
        );
        expect(exports).toMatchObject(working);
        expect(Object.keys(exports).sort()).toEqual(["custom", ...Object.keys(working)]);
      },
    );
  });
}
