import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig } from "../../config/clusterConfig";
import { isEverywhere } from "../../engine/addresses";
import { revisionOf } from "../../engine/revision";
import { tlsFileNames } from "../../config/tls";
import { configPath } from "../../engine/volumes";

/** Where a certificate that is generated lies, with its key: in HOME, which stays. No key leaves that volume. */
const generatedPath = "/home/spark/.jupyter/tls";

/**
 * What JupyterLab's container is told: the folder of its certificate and, where it has to make that itself, the names that a browser
 * may know the server by, as OpenSSL takes them.
 */
export function tlsEnvironment({ tls, bindAddress }: Pick<ClusterConfig, "tls" | "bindAddress">): Record<string, string> {
  if (tls === "none") {
    return {};
  }
  if (tls !== "generated") {
    return { JUPYTERLAB_TLS: configPath };
  }
  const addresses = new Set(["127.0.0.1", "::1", ...(isEverywhere(bindAddress) ? [] : [bindAddress])]);
  return {
    JUPYTERLAB_TLS: generatedPath,
    JUPYTERLAB_TLS_NAMES: ["DNS:localhost", ...[...addresses].map((address) => `IP:${address}`)].join(","),
  };
}

/** The files of a certificate that is given, beside the others that JupyterLab reads. */
export function tlsFiles({ tls }: Pick<ClusterConfig, "tls">): Record<string, pulumi.Input<string>> {
  return typeof tls === "string"
    ? {}
    : { [tlsFileNames.certificate]: tls.certificate, [tlsFileNames.key]: pulumi.secret(tls.key) };
}

/** Another one whenever a certificate that is given is another: the server reads it at its start. */
export function tlsRevision({ tls }: Pick<ClusterConfig, "tls">): Record<string, string> {
  return typeof tls === "string" ? {} : { tls: revisionOf(tls.certificate) };
}
