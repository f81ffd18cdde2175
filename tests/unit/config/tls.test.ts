import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { Refusal } from "../../../config/readers";
import { readTls } from "../../../config/tls";
import { readConfig } from "../../../config/reader";
import { source } from "../../../testbed/stackConfig";
import { temporaryFolder, write } from "../helpers/folders";

const day = 24 * 3600 * 1000;

/** A folder with a certificate that OpenSSL made, good for ten days from now. */
function issued(...options: string[]): string {
  const folder = temporaryFolder();
  const files = ["-keyout", join(folder, "tls.key"), "-out", join(folder, "tls.crt")];
  const rest = options.length > 0 ? options : ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", ["req", "-x509", "-days", "10", "-subj", "/CN=test", ...rest, ...files], { stdio: "pipe" });
  return folder;
}

const text = (folder: string, file: string) => readFileSync(join(folder, file), "utf8");
const allowedOf = (folder: string, now = Date.now()) => {
  const read = readTls(folder, now);
  return read instanceof Refusal ? read.allowed : read;
};

test.each(["none", "generated"] as const)("%s is a word, and no folder", (word) => {
  expect(readTls(word, Date.now())).toBe(word);
});

test("a folder's certificate and key are taken as they are, also with those of an authority after it", () => {
  const folder = issued();
  write(join(folder, "tls.crt"), text(folder, "tls.crt") + text(issued(), "tls.crt"));
  expect(readTls(folder, Date.now())).toEqual({ certificate: text(folder, "tls.crt"), key: text(folder, "tls.key") });
});

test("a key of RSA is one as well as that of an elliptic curve", () => {
  expect(readTls(issued("-newkey", "rsa:2048", "-nodes"), Date.now())).not.toBeInstanceOf(Refusal);
});

test("what is missing is named", () => {
  const folder = issued();
  rmSync(join(folder, "tls.key"));
  expect(allowedOf(folder)).toMatch(/tls\.key, it is not there$/);
  expect(allowedOf("/no/such/folder")).toMatch(/tls\.crt, it is not there$/);
  expect(allowedOf(join(folder, "tls.crt"))).toMatch(/tls\.crt, it is not there$/);
});

test("what cannot be read is named with the reason", () => {
  expect(allowedOf(`/${"x".repeat(300)}`)).toMatch(/tls\.crt, it cannot be read, ENAMETOOLONG$/);
});

test("what is no file, or too large for a certificate, is not read", () => {
  const folder = issued();
  rmSync(join(folder, "tls.key"));
  mkdirSync(join(folder, "tls.key"));
  expect(allowedOf(folder)).toBe("a folder whose tls.key is a file in PEM form");
  write(join(folder, "tls.crt"), Buffer.alloc(1024 * 1024 + 1));
  expect(allowedOf(folder)).toBe("a folder whose tls.crt is a file in PEM form");
});

test("what is no certificate or no key is refused", () => {
  const folder = issued();
  write(join(folder, "tls.key"), "-----BEGIN PRIVATE KEY-----\nno\n-----END PRIVATE KEY-----\n");
  expect(allowedOf(folder)).toBe("a folder whose tls.key is a private key in PEM form, without a passphrase");
  write(join(folder, "tls.crt"), "nothing");
  expect(allowedOf(folder)).toBe("a folder whose tls.crt is a certificate in PEM form");
});

test("a key that wants a passphrase is refused: nobody could give it at the start", () => {
  expect(allowedOf(issued("-newkey", "rsa:2048", "-passout", "pass:hunter2"))).toMatch(/without a passphrase$/);
});

test("a key of another certificate is refused", () => {
  const folder = issued();
  write(join(folder, "tls.key"), text(issued(), "tls.key"));
  expect(allowedOf(folder)).toMatch(/^a folder whose tls\.key belongs to its tls\.crt/);
});

test("a certificate that has ended, or has not begun, is refused with its day", () => {
  const folder = issued();
  expect(readTls(folder, Date.now() + 9 * day)).not.toBeInstanceOf(Refusal);
  expect(allowedOf(folder, Date.now() + 11 * day)).toMatch(/^a certificate that is in force: this one ended on \w{3} .* GMT$/);
  expect(allowedOf(folder, Date.now() - day)).toMatch(/^a certificate that is in force: this one begins on \w{3} .* GMT$/);
});

test("the reader hands the certificate on", () => {
  const folder = issued();
  expect(readConfig(source({ tls: folder })).tls).toEqual({ certificate: text(folder, "tls.crt"), key: text(folder, "tls.key") });
  expect(readConfig(source({ tls: "generated" })).tls).toBe("generated");
});
