import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { tried } from "../engine/tried";
import { Tls } from "./clusterConfig";
import { Refusal } from "./readers";

/** The file names in a given folder, as servers and their tools commonly use them. */
export const tlsFileNames = { certificate: "tls.crt", key: "tls.key" } as const;

/** Bytes. No chain of certificates is as large, so a larger file is something else. */
const largestFile = 1024 * 1024;

/**
 * Reads the key `tls`: `none` for no TLS, `generated` for a certificate that JupyterLab generates, or a folder with a certificate
 * and a key. They must match, and the certificate must be valid at `now`, in milliseconds since 1970.
 */
export function readTls(value: string, now: number): Tls | Refusal {
  if (value === "none" || value === "generated") {
    return value;
  }
  const certificate = readPem(value, tlsFileNames.certificate);
  const key = readPem(value, tlsFileNames.key);
  if (certificate instanceof Refusal) {
    return certificate;
  }
  if (key instanceof Refusal) {
    return key;
  }
  return problemOf(certificate, key, now) ?? { certificate, key };
}

function readPem(folder: string, file: string): string | Refusal {
  const path = join(folder, file);
  try {
    const found = statSync(path);
    if (!found.isFile() || found.size > largestFile) {
      return refuse(`a folder whose ${file} is a file in PEM form`);
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" || code === "ENOTDIR" ? "it is not there" : `it cannot be read, ${String(code)}`;
    return refuse(`a folder with ${tlsFileNames.certificate} and ${tlsFileNames.key}, or generated, or none: ${file}, ${why}`);
  }
}

function problemOf(certificate: string, key: string, now: number): Refusal | undefined {
  const parsed = tried(() => new X509Certificate(certificate));
  const privateKey = tried(() => createPrivateKey(key));
  if (parsed === undefined) {
    return refuse(`a folder whose ${tlsFileNames.certificate} is a certificate in PEM form`);
  }
  if (privateKey === undefined) {
    return refuse(`a folder whose ${tlsFileNames.key} is a private key in PEM form, without a passphrase`);
  }
  if (!parsed.checkPrivateKey(privateKey)) {
    const { certificate: file, key: ofKey } = tlsFileNames;
    return refuse(`a folder whose ${ofKey} belongs to its ${file}, whose first certificate is the server's own`);
  }
  if (now > Date.parse(parsed.validTo)) {
    return refuse(`a certificate that is in force: this one ended on ${parsed.validTo}`);
  }
  if (now < Date.parse(parsed.validFrom)) {
    return refuse(`a certificate that is in force: this one begins on ${parsed.validFrom}`);
  }
  return undefined;
}

function refuse(allowed: string): Refusal {
  return new Refusal(allowed, "generated");
}
