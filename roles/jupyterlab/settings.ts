import { allRoles } from "..";
import { Addresses } from "../role";

/** JupyterLab's file for settings that differ from its defaults. */
export const labSettingsFile = "overrides.json";

/** JupyterLab's settings: a menu with links to Spark's pages, no news, no update check (updates come with an image). */
export function labSettings(addresses: Addresses): string {
  const pages = allRoles
    .flatMap(({ page }) => (page?.menu === undefined ? [] : [page.menu]))
    .map(({ title, address }) => [title, addresses[address]])
    .filter(([, url]) => url !== undefined);
  return JSON.stringify({
    "@jupyterlab/apputils-extension:notification": { checkForUpdates: false, fetchNews: "false" },
    "@jupyterlab/mainmenu-extension:plugin": {
      menus: [
        {
          id: "spark-cluster-spark",
          label: "Cluster",
          rank: 900, // before Settings and Help
          items: pages.map(([text, url], rank) => ({ command: "help:open", args: { text, url, newBrowserTab: true }, rank })),
        },
      ],
    },
  });
}
