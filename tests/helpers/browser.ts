import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Browser, BrowserContext, BrowserContextOptions, chromium, Locator, Page } from "playwright-core";

import { until } from "../../testbed/until";

/** What Chromium breaks requests off with when an interface of the machine comes or goes, as any container brings one. */
const networkChanged = "net::ERR_NETWORK_CHANGED";

/** A page that notes all that a person would find in the browser's console. */
interface WatchedPage {
  readonly page: Page;
  /** Errors of the console, uncaught exceptions, requests that failed or were answered with an error. */
  readonly complaints: readonly string[];
  /** Waits until the page shows something. A page of which Chromium has broken off requests is loaded again, as a person would do. */
  readonly shows: (what: Locator) => Promise<void>;
}

/** One person's browser: what one page signs in to, the next one of the same person is signed in to. */
export class Person {
  private constructor(
    private readonly browser: Browser,
    private readonly context: BrowserContext,
    private readonly pictures: string,
    private readonly keepsPictures: boolean,
  ) {}

  /** Debian's Chromium. Pictures go where PICTURES says, else to a folder that goes with the browser. */
  static async start(options: BrowserContextOptions = {}): Promise<Person> {
    // Without its own sandbox, which Chromium does not give to root.
    const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", chromiumSandbox: false });
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
    context.setDefaultTimeout(90_000); // the machine has other suites to run
    const kept = process.env.PICTURES;
    if (kept !== undefined) {
      mkdirSync(kept, { recursive: true });
    }
    return new Person(browser, context, kept ?? mkdtempSync(join(tmpdir(), "spark-cluster-pictures-")), kept !== undefined);
  }

  async open(url: string): Promise<WatchedPage> {
    const page = await this.context.newPage();
    const complaints: string[] = [];
    let brokenOff = false;
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().includes(networkChanged)) {
        complaints.push(`console: ${message.text()} (${message.location().url})`);
      }
    });
    page.on("framenavigated", (frame) => {
      brokenOff &&= frame !== page.mainFrame();
    });
    page.on("pageerror", (error) => {
      // A script that was broken off is missing in those after it.
      if (!brokenOff) {
        complaints.push(`exception: ${error.message}`);
      }
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "failed";
      brokenOff ||= why === networkChanged;
      // What a page still waits for when a person leaves it, it gives up itself.
      if (why !== "net::ERR_ABORTED" && why !== networkChanged) {
        complaints.push(`${why}: ${request.method()} ${request.url()}`);
      }
    });
    page.on("response", (response) => {
      if (response.status() >= 400) {
        complaints.push(`${response.status()}: ${response.request().method()} ${response.url()}`);
      }
    });
    await until(`${new URL(url).pathname} is open`, 300, async () => {
      brokenOff = false;
      await page.goto(url).catch((error: unknown) => {
        if (!brokenOff) {
          throw error;
        }
      });
      return !brokenOff;
    });
    const shows = (what: Locator) =>
      until(`${String(what)} is shown`, 300, async () => {
        if (brokenOff && !(await what.isVisible())) {
          brokenOff = false;
          await page.reload().catch(() => (brokenOff = true));
        }
        return what.isVisible();
      }).then(() => undefined);
    return { page, complaints, shows };
  }

  /** A picture of what the page shows. */
  async picture(page: Page, name: string): Promise<void> {
    await page.waitForTimeout(1000); // a page that was just scrolled draws bit by bit
    await page.screenshot({ path: join(this.pictures, `${name}.png`), animations: "disabled" });
  }

  async stop(): Promise<void> {
    await this.browser.close();
    if (!this.keepsPictures) {
      rmSync(this.pictures, { recursive: true, force: true });
    }
  }
}
