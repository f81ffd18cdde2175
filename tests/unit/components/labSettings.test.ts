import { labSettings } from "../../../components/labSettings";

const ui = "http://localhost:8080";
const historyServer = "http://localhost:18080";

/** What the menu opens, from JupyterLab's settings. */
function linksOf(text: string): unknown[] {
  const settings = JSON.parse(text) as Record<
    string,
    { menus: { items: { args: { url: string; newBrowserTab: boolean } }[] }[] }
  >;
  const [menu] = settings["@jupyterlab/mainmenu-extension:plugin"]?.menus ?? [];
  return menu?.items.map(({ args }) => [args.url, args.newBrowserTab]) ?? [];
}

test("a menu leads to Spark's pages, each in a tab of its own", () => {
  expect(linksOf(labSettings({ ui, historyServer }))).toEqual([
    [ui, true],
    [historyServer, true],
  ]);
});

test("without a history server there is no way to it", () => {
  expect(linksOf(labSettings({ ui, historyServer: undefined }))).toEqual([[ui, true]]);
});

test("nobody is asked about news or updates", () => {
  expect(JSON.parse(labSettings({ ui, historyServer }))).toMatchObject({
    "@jupyterlab/apputils-extension:notification": { checkForUpdates: false, fetchNews: "false" },
  });
});
