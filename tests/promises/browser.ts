import { Page } from "playwright-core";

import { until } from "../../testbed/until";
import { Person } from "../helpers/browser";
import { Cluster } from "../helpers/cluster";

const textOf = (page: Page) => page.locator("body").innerText();

/** What a person sees in Chromium. The cluster has two workers. `make pictures` takes its pictures here. */
export function browser(cluster: Cluster): void {
  describe("browser", () => {
    let person: Person | undefined;
    afterAll(() => person?.stop());

    const opened = cluster.shared("opening JupyterLab", async (stack) => {
      person = await Person.start();
      const lab = await person.open((await stack.outputs()).jupyterlab);
      const notebook = lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
      await notebook.locator(".jp-CodeCell").first().waitFor();
      await lab.page.locator(".lm-TabBar-tab.lm-mod-current", { hasText: "welcome.ipynb" }).waitFor();
      return { ...lab, person, notebook };
    });

    /** The id of the welcome notebook's application, which has ended. */
    const ran = cluster.shared("running the welcome notebook", async () => {
      const { page, notebook } = await opened();
      await page.getByText("PySpark | Idle").waitFor();
      await choose(page, "Run", "Run All Cells");
      await notebook.locator(".sparkMonitorCellRoot .jobrow").first().waitFor({ timeout: 400_000 });
      // Done when every cell with code has its number, and none a star.
      await page.waitForFunction(
        () => {
          const prompts = [...document.querySelectorAll(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .jp-InputPrompt")];
          return prompts.length > 5 && prompts.every((prompt) => /^\[\d+\]:$/.test(prompt.textContent));
        },
        undefined,
        { timeout: 400_000 },
      );
      const link = await notebook.locator("a[href*='/proxy/app-']").first().getAttribute("href");
      return /app-[\d-]+/.exec(link!)![0];
    });

    async function choose(page: Page, menu: string, item: string): Promise<void> {
      await page.getByRole("menuitem", { name: menu, exact: true }).click();
      await page.getByRole("menuitem", { name: item, exact: true }).click();
    }

    cluster.test("JupyterLab lets nobody in without its token", async (stack) => {
      const stranger = await Person.start();
      try {
        const { page } = await stranger.open(new URL("/lab", (await stack.outputs()).jupyterlab).href);
        expect(new URL(page.url()).pathname).toBe("/login");
        await page.getByLabel(/token/i).first().fill("0".repeat(64));
        await page.getByRole("button", { name: "Log in", exact: true }).click();
        await page.getByText("Invalid credentials").waitFor();
      } finally {
        await stranger.stop();
      }
    });

    cluster.test("the printed address opens the welcome notebook", async () => {
      await opened();
    });

    cluster.test("it runs from top to bottom, with Spark's jobs under their cells and a plot", async () => {
      const { person, page, notebook } = await opened();
      await ran();
      expect(await notebook.locator("[data-mime-type='application/vnd.jupyter.error']").allInnerTexts()).toEqual([]);
      expect(await notebook.locator(".jp-OutputArea img").count()).toBeGreaterThan(0);
      const jobsOf = (text: string) => notebook.locator(".jp-CodeCell", { hasText: text }).locator(".jobrow").count();
      expect([await jobsOf("getOrCreate()"), await jobsOf("barrier()")]).toEqual([0, 1]);
      const monitors = notebook.locator(".sparkMonitorCellRoot", { has: page.locator(".jobrow") });
      await monitors.first().scrollIntoViewIfNeeded();
      await person.picture(page, "jobs-under-a-cell");
      await notebook.locator(".jp-OutputArea img").first().scrollIntoViewIfNeeded();
      await person.picture(page, "welcome-notebook");
    });

    cluster.test("the status bar shows how much of its memory JupyterLab takes, drivers included", async () => {
      const status = (await opened()).page.locator("#jp-main-statusbar");
      await status
        .getByText(/Mem(ory)?:/)
        .first()
        .waitFor();
      expect(await status.innerText()).toMatch(/\d+(\.\d+)? \/ \d+(\.\d+)? [MG]B/);
    });

    cluster.test("JupyterLab had nothing to complain about", async () => {
      await ran();
      expect((await opened()).complaints).toEqual([]);
    });

    cluster.test("Spark's pages are one menu away", async (stack) => {
      const { page } = await opened();
      const popup = page.waitForEvent("popup");
      await choose(page, "Cluster", "Workers and Running Applications");
      const master = await popup;
      await master.getByText("Workers (2)").waitFor();
      expect(master.url()).toBe(new URL("/", (await stack.outputs()).sparkUi).href);
      await master.close();
    });

    cluster.test("the master's page leads to a worker, to the log of an executor, and back", async (stack) => {
      const id = await ran();
      const { person } = await opened();
      const { page, complaints, shows } = await person.open((await stack.outputs()).sparkUi);
      await shows(page.getByText("Workers (2)"));
      await person.picture(page, "spark-master");
      await page.locator("a[href*='/proxy/worker-']").first().click();
      await shows(page.getByText(/Spark Worker at/).first());
      await until("its executor has ended", 120, async () => {
        await page.reload();
        return (/Finished Executors \([1-9][^]*/.exec(await textOf(page)) ?? [""])[0].includes(id);
      });
      expect(await textOf(page)).toContain("Spark Worker at spark-worker-");
      await person.picture(page, "spark-worker");
      await page.getByRole("row").filter({ hasText: id }).getByRole("link", { name: "stderr" }).first().click();
      await shows(page.getByText(/Successfully registered with driver/).first());
      await page.getByRole("link", { name: "Back to Master" }).click();
      await shows(page.getByText("Workers (2)"));
      expect(complaints).toEqual([]);
    });

    cluster.test("the history server shows the application that has ended, its jobs and its executors' logs", async (stack) => {
      const id = await ran();
      const { person } = await opened();
      const { historyServer, sparkUi } = await stack.outputs();
      // Its page is of the moment when it was opened.
      await until("the application is listed", 300, async () => {
        const ended = await fetch(new URL("/api/v1/applications?status=completed", historyServer));
        return ((await ended.json()) as { id: string }[]).some((application) => application.id === id);
      });
      const { page, complaints, shows } = await person.open(historyServer);
      page.setDefaultTimeout(300_000); // it yields to all other containers
      await shows(page.getByText(/Showing 1 to/).first());
      await person.picture(page, "history-server");
      await page.locator(`a[href*='/history/${id}']`).first().click();
      await shows(page.getByText(/Completed Jobs/).first());
      await page.getByRole("link", { name: "Executors" }).click();
      const log = page.getByRole("link", { name: "stderr" }).first();
      await shows(log);
      await log.click();
      await shows(page.getByText(/Successfully registered with driver/).first());
      expect(new URL(page.url()).origin).toBe(new URL(sparkUi).origin);
      expect(complaints).toEqual([]);
    });
  });
}
