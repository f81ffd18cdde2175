import { readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join, resolve } from "node:path";

import { parse } from "yaml";

import { given } from "../../engine/given";
import { tried } from "../../engine/tried";
import { root } from "../programs";

/** A backend that the user has chosen. */
export interface ChosenBackend {
  /** Undefined for the default of Pulumi, which is used with an access token. */
  readonly url: string | undefined;
  /** The last two choose it for all projects of this user. */
  readonly by: "PULUMI_BACKEND_URL" | "Pulumi.yaml" | "pulumi login" | "PULUMI_ACCESS_TOKEN";
}

/** The backend that the user has chosen, found as Pulumi finds it; undefined if there is none. */
export function chosenBackend(): ChosenBackend | undefined {
  const urls = [
    { by: "PULUMI_BACKEND_URL", url: given("PULUMI_BACKEND_URL") },
    { by: "Pulumi.yaml", url: urlOfProject() },
    { by: "pulumi login", url: urlOfLogin() },
  ] as const;
  const chosen = urls.find(({ url }) => url !== undefined);
  return chosen ?? (given("PULUMI_ACCESS_TOKEN") === undefined ? undefined : { by: "PULUMI_ACCESS_TOKEN", url: undefined });
}

function urlOfProject(): string | undefined {
  const text = readFileSync(join(root, "Pulumi.yaml"), "utf8");
  if (!/^backend:/m.test(text)) {
    return undefined; // parsing the file takes longer
  }
  const { backend } = parse(text) as { backend: { url?: string } | null };
  return backend?.url === "" ? undefined : backend?.url;
}

function urlOfLogin(): string | undefined {
  const folder = given("PULUMI_CREDENTIALS_PATH") ?? given("PULUMI_HOME") ?? join(homeOfUser(), ".pulumi");
  const text = tried(() => readFileSync(join(folder, "credentials.json"), "utf8")) ?? "{}";
  const { current } = tried(() => JSON.parse(text) as { current?: string }) ?? {};
  return current === "" ? undefined : current;
}

/** The home of the user database, by which Pulumi's CLI goes instead of `HOME`. */
function homeOfUser(): string {
  return tried(() => userInfo().homedir) ?? homedir();
}

/** The folder of a backend in files, as Pulumi finds it; undefined for another backend. */
export function folderOfBackend(url: string): string | undefined {
  const [, path] = /^file:\/\/([^?]*)/.exec(url) ?? [];
  if (path === undefined) {
    return undefined;
  }
  return resolve(root, (tried(() => decodeURIComponent(path)) ?? path).replace(/^~\/?/, `${homeOfUser()}/`));
}

/** The backend in which Pulumi looks for stacks, without the password of its URL. */
export function shownBackend(): string {
  return (given("PULUMI_BACKEND_URL") ?? "Pulumi's backend").replace(/\/\/[^/@]*@/, "//");
}
