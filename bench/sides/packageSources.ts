import { readCertificates } from "../../config/certificates";
import { PackageSources } from "../../config/clusterConfig";
import { run } from "../../testbed/run";

/** Where this machine has its packages from: the same for both sides, and no part of what is measured. */
export type MachineSources = Pick<PackageSources, "certificates" | "pipIndexUrl" | "httpProxy" | "noProxy">;

/** What pip and the environment of this machine say. */
export async function machineSources(env: NodeJS.ProcessEnv = process.env): Promise<MachineSources> {
  const certificates = readCertificates("auto");
  return {
    certificates: typeof certificates === "string" ? certificates : "",
    pipIndexUrl: env.PIP_INDEX_URL ?? (await pipIndex()),
    httpProxy: env.https_proxy ?? env.HTTPS_PROXY ?? env.http_proxy ?? env.HTTP_PROXY ?? "",
    noProxy: env.no_proxy ?? env.NO_PROXY ?? "",
  };
}

async function pipIndex(): Promise<string> {
  const { code, stdout } = await run("python3", ["-m", "pip", "config", "get", "global.index-url"]);
  return code === 0 ? stdout.trim() : "";
}
