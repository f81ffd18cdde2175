import * as pulumi from "@pulumi/pulumi";

import { ClusterConfig } from "../../config/clusterConfig";
import { isEverywhere } from "../../engine/addresses";
import { revisionOf } from "../../engine/revision";
import { tlsFileNames } from "../../config/tls";
import { configPath } from "../../engine/volumes";
import { homePath } from "../user";

/** The folder of a generated certificate and its key: in HOME, which is a kept volume. The key never leaves that volume. */
const generatedPath = `${homePath}/.jupyter/tls`;

/**
 * The environment for JupyterLab's TLS: the folder of the certificate and, if the container generates it, the certificate's
 * alternative names in OpenSSL's format.
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

/** The files of a given certificate, which JupyterLab reads in addition to its others. */
export function tlsFiles({ tls }: Pick<ClusterConfig, "tls">): Record<string, pulumi.Input<string>> {
  return typeof tls === "string"
    ? {}
    : { [tlsFileNames.certificate]: tls.certificate, [tlsFileNames.key]: pulumi.secret(tls.key) };
}

/** Changes when a given certificate changes, because the server reads it only at its start. */
export function tlsRevision({ tls }: Pick<ClusterConfig, "tls">): Record<string, string> {
  return typeof tls === "string" ? {} : { tls: revisionOf(tls.certificate) };
}
