import { Page } from "playwright-core";

import { TestStack } from "../integration/helpers/testStack";
import { until } from "../integration/helpers/until";
import { Person, WatchedPage } from "./helpers/browser";

describe("in a browser", () => {
  let stack: TestStack;
  let addresses: Awaited<ReturnType<TestStack["outputs"]>>;
  let person: Person;
  let lab: WatchedPage;

  const notebook = () => lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
  const menu = async (title: string, item: string) => {
    await lab.page.getByRole("menuitem", { name: title, exact: true }).click();
    await lab.page.getByRole("menuitem", { name: item, exact: true }).click();
  };
  const textOf = (page: Page) => page.locator("body").innerText();

  beforeAll(async () => {
    stack = await TestStack.make();
    await stack.bareUp();
    addresses = await stack.outputs();
    person = await Person.start();
  });

  afterAll(async () => {
    await person.stop();
    await TestStack.destroyAll();
  });

  test("JupyterLab lets nobody in without its token", async () => {
    const stranger = await Person.start();
    const { page } = await stranger.open(new URL("/lab", addresses.jupyterlab).href);
    expect(new URL(page.url()).pathname).toBe("/login");
    await page.getByLabel(/token/i).first().fill("0".repeat(64));
    await page.getByRole("button", { name: "Log in", exact: true }).click();
    await page.getByText("Invalid credentials").waitFor();
    await stranger.stop();
  });

  test("the printed address opens the welcome notebook", async () => {
    lab = await person.open(addresses.jupyterlab);
    await notebook().locator(".jp-CodeCell").first().waitFor();
    await lab.page.locator(".lm-TabBar-tab.lm-mod-current", { hasText: "welcome.ipynb" }).waitFor();
  });

  test("it runs from top to bottom, with Spark's jobs under their cells and a plot", async () => {
    await lab.page.getByText("PySpark | Idle").waitFor();
    await menu("Run", "Run All Cells");
    const monitor = notebook()
      .locator(".sparkMonitorCellRoot", { has: lab.page.locator(".jobrow") })
      .first();
    await monitor.waitFor({ timeout: 400_000 });
    // Done when every cell with code has its number, and none a star.
    await lab.page.waitForFunction(
      () => {
        const prompts = [...document.querySelectorAll(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .jp-InputPrompt")];
        return prompts.length > 5 && prompts.every((prompt) => /^\[\d+\]:$/.test(prompt.textContent));
      },
      undefined,
      { timeout: 400_000 },
    );
    expect(await notebook().locator("[data-mime-type='application/vnd.jupyter.error']").allInnerTexts()).toEqual([]);
    expect(await notebook().locator(".jp-OutputArea img").count()).toBeGreaterThan(0);
    const jobsOf = (text: string) => notebook().locator(".jp-CodeCell", { hasText: text }).locator(".jobrow").count();
    expect([await jobsOf("getOrCreate()"), await jobsOf("barrier()")]).toEqual([0, 1]);
    await monitor.scrollIntoViewIfNeeded();
    await person.picture(lab.page, "jobs-under-a-cell");
    await notebook().locator(".jp-OutputArea img").first().scrollIntoViewIfNeeded();
    await person.picture(lab.page, "welcome-notebook");
  });

  test("the status bar shows how much of its memory JupyterLab takes, drivers included", async () => {
    const status = lab.page.locator("#jp-main-statusbar");
    await status
      .getByText(/Mem(ory)?:/)
      .first()
      .waitFor();
    expect(await status.innerText()).toMatch(/\d+(\.\d+)? \/ \d+(\.\d+)? [MG]B/);
  });

  test("JupyterLab had nothing to complain about", () => {
    expect(lab.complaints).toEqual([]);
  });

  test("Spark's pages are one menu away", async () => {
    const opened = lab.page.waitForEvent("popup");
    await menu("Cluster", "Workers and Running Applications");
    const popup = await opened;
    await popup.getByText("Workers (2)").waitFor();
    expect(popup.url()).toBe(new URL("/", addresses.sparkUi).href);
    await popup.close();
  });

  test("the master's page leads to a worker, to the log of an executor, and back", async () => {
    const { page, complaints } = await person.open(addresses.sparkUi);
    await page.getByText("Workers (2)").waitFor();
    await person.picture(page, "spark-master");
    await page.locator("a[href*='/proxy/worker-']").first().click();
    await page.getByText(/Spark Worker at/).waitFor();
    await until("an executor has ended", 120, async () => {
      await page.reload();
      return /Finished Executors \([1-9]/.test(await textOf(page));
    });
    expect(await textOf(page)).toContain("Spark Worker at spark-worker-");
    await person.picture(page, "spark-worker");
    await page.getByRole("link", { name: "stderr" }).first().click();
    await page.getByText(/Successfully registered with driver/).waitFor();
    await page.getByRole("link", { name: "Back to Master" }).click();
    await page.getByText("Workers (2)").waitFor();
    expect(complaints).toEqual([]);
  });

  test("the history server shows the application that has ended, its jobs and its executors' logs", async () => {
    // Its page is of the moment when it was opened.
    await until("the application is listed", 300, async () => {
      const ended = await fetch(new URL("/api/v1/applications?status=completed", addresses.historyServer));
      return ((await ended.json()) as unknown[]).length > 0;
    });
    const { page, complaints } = await person.open(addresses.historyServer);
    page.setDefaultTimeout(300_000); // it yields to all other containers
    await page.getByText(/Showing 1 to/).waitFor();
    await person.picture(page, "history-server");
    await page.locator("a[href*='/history/app-']").first().click();
    await page
      .getByText(/Completed Jobs/)
      .first()
      .waitFor();
    await page.getByRole("link", { name: "Executors" }).click();
    await page.getByRole("link", { name: "stderr" }).first().click();
    await page.getByText(/Successfully registered with driver/).waitFor();
    expect(new URL(page.url()).origin).toBe(new URL(addresses.sparkUi).origin);
    expect(complaints).toEqual([]);
  });
});
