import { readCertificates } from "../../config/certificates";
import { PackageSources } from "../../config/clusterConfig";
import { run } from "../../testbed/run";

/** This machine's package sources: the same for both sides, and not part of the measurement. */
export type MachineSources = Pick<PackageSources, "certificates" | "pipIndexUrl" | "httpProxy" | "noProxy">;

/** Read from this machine's pip settings and environment. */
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
