import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { tried } from "../engine/tried";
import { Refusal } from "./readers";

/** Folders of locally trusted certificates, on Debian's and on Fedora's family of systems. */
const machineFolders = ["/usr/local/share/ca-certificates", "/etc/pki/ca-trust/source/anchors"];

/**
 * Reads a folder's certificates (`*.crt`, `*.pem`) as one PEM text. `auto` reads the certificates that this machine trusts
 * locally, `none` reads none. Any other folder must exist and contain at least one certificate.
 */
export function readCertificates(folder: string): string | Refusal {
  if (folder === "none") {
    return "";
  }
  if (folder === "auto") {
    return machineFolders
      .filter((each) => existsSync(each))
      .map(certificatesIn)
      .join("");
  }
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    return new Refusal("a folder that is there, auto or none", "auto");
  }
  const certificates = tried(() => certificatesIn(folder));
  if (certificates === undefined) {
    return new Refusal("a folder whose *.crt and *.pem can all be read", "auto");
  }
  return certificates === ""
    ? new Refusal("a folder with at least one certificate in PEM form, *.crt or *.pem", "auto")
    : certificates;
}

function certificatesIn(folder: string): string {
  return readdirSync(folder)
    .filter((file) => /\.(crt|pem)$/.test(file))
    .sort()
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, "utf8"))
    .flatMap((text) => text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [])
    .map((certificate) => `${certificate}\n`)
    .join("");
}
