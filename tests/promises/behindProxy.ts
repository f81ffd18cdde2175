import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Nginx } from "../../testbed/servers/nginx";
import { Person } from "../helpers/browser";
import { statusOf } from "../helpers/https";
import { Life } from "../helpers/life";

const guide = join(__dirname, "../../docs/guide/behind-a-proxy.md");
const source = "from pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate().range(9).repartition(2).count()";
const cell = { cell_type: "code", id: "a", source, metadata: {}, outputs: [], execution_count: null };
const notebook = {
  cells: [cell],
  metadata: { kernelspec: { name: "python3", display_name: "" } },
  nbformat: 4,
  nbformat_minor: 5,
};

const based = "with basePath, all pages are on JupyterLab's port and require its token";

/** What `basePath` does, on a cluster with `tls: generated`. */
export function behindProxy(life: Life): void {
  life.step(based, async (stack) => {
    await stack.set("basePath", "/spark");
    await stack.quickUp();
    const { jupyterlab, sparkUi, historyServer } = await stack.outputs();
    const { origin, search: token } = new URL(jupyterlab);
    expect([sparkUi, historyServer]).toEqual([`${origin}/spark/ui/`, `${origin}/spark/history-server/`]);
    const certificate = await stack.askInside(stack.nameOf("jupyterlab"), "cat", "/home/spark/.jupyter/tls/tls.crt");
    const statuses = (end: string) =>
      Promise.all([jupyterlab.replace(token, ""), sparkUi, historyServer].map((url) => statusOf(url + end, certificate)));
    expect([await statuses(""), await statuses(token)]).toEqual([Array(3).fill(302), Array(3).fill(200)]);
    await stack.pulumi("config", "rm", "basePath"); // the next up takes it back
  });

  life.step(
    "behind the guide's nginx, JupyterLab runs a cell, and its links lead to all of Spark's pages",
    based,
    async (stack) => {
      const { origin, search: token } = new URL((await stack.outputs()).jupyterlab);
      await stack.python(`open("/opt/workspace/proxied.ipynb", "w").write(r'''${JSON.stringify(notebook)}''')`);
      const [, site = ""] = /```nginx\n([^]*?)```/.exec(readFileSync(guide, "utf8")) ?? [];
      const nginx = await Nginx.start(site.replace("http://127.0.0.1:8888", origin));
      const person = await Person.start({ ignoreHTTPSErrors: true });
      try {
        // A workspace of its own, because the default one also opens the welcome notebook.
        const lab = await person.open(`${nginx.url}/spark/lab/workspaces/proxied/tree/proxied.ipynb${token}`);
        const choose = async (...names: string[]) => {
          for (const name of names) {
            await lab.page.getByRole("menuitem", { name, exact: true }).click();
          }
        };
        await lab.page.locator(".lm-TabBar-tab.lm-mod-current", { hasText: "proxied.ipynb" }).waitFor();
        await lab.page.getByText("PySpark | Idle").waitFor();
        await choose("Run", "Run All Cells");
        const link = lab.page.locator("a[href*='/stages/stage/']").first();
        await link.waitFor();
        await lab.page.getByText("PySpark | Idle").waitFor(); // a stage's page shows no metrics before its first task has ended
        const popup = lab.page.waitForEvent("popup");
        await choose("Cluster", "Workers and Running Applications");
        expect((await popup).url()).toBe(`${nginx.url}/spark/ui/`);

        const spark = await person.open(nginx.url + (await link.getAttribute("href"))!);
        await spark.shows(spark.page.getByText("Summary Metrics for").first());
        for (const [name, shown] of [
          ["Executors", "Thread Dump"],
          ["stderr", "Successfully registered with driver"],
          ["Back to Master", "spark://spark-master:7077"],
        ] as const) {
          await spark.page.getByRole("link", { name }).first().click();
          await spark.shows(spark.page.getByText(shown).first());
        }
        const history = await person.open(`${nginx.url}/spark/history-server/`);
        await history.page.locator("a[href*='/history/app-']").first().click();
        await history.shows(history.page.getByText("Completed Jobs").first());
        await history.page.getByRole("link", { name: "Executors" }).click();
        await history.shows(history.page.getByRole("link", { name: "stderr" }).first());
        expect([lab, spark, history].flatMap(({ complaints }) => complaints)).toEqual([]);
        expect([spark, history].map(({ page }) => page.url())).toEqual([
          `${nginx.url}/spark/ui/`,
          expect.stringContaining(`${nginx.url}/spark/history-server/history/app-`),
        ]);
      } finally {
        await person.stop();
        await nginx.stop();
      }
    },
  );
}
