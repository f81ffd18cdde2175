import fs from "node:fs";
import { join } from "node:path";

import { readCertificates } from "../../../config/certificates";
import { Refusal } from "../../../config/readers";
import { problemsOf } from "../helpers/problems";
import { source } from "../../../testbed/stackConfig";
import { temporaryFolder, write } from "../helpers/folders";

const certificate = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;

test("a folder's certificates are taken in the order of their names, and nothing else of its files and folders", () => {
  const folder = temporaryFolder();
  write(join(folder, "old.crt", "inner.crt"), certificate("inner"));
  write(join(folder, "b.crt"), `a comment\n${certificate("second")}`);
  write(join(folder, "a.pem"), `${certificate("first")}-----BEGIN PRIVATE KEY-----\nno\n-----END PRIVATE KEY-----\n`);
  write(join(folder, "c.txt"), certificate("third"));
  expect(readCertificates(folder)).toBe(certificate("first") + certificate("second"));
});

test("auto takes those of the machine, of whichever of its folders are there", () => {
  const folder = temporaryFolder();
  write(join(folder, "corporate.crt"), certificate("corporate"));
  const [one, other] = ["/usr/local/share/ca-certificates", "/etc/pki/ca-trust/source/anchors"];
  for (const name of ["existsSync", "readdirSync", "readFileSync", "statSync"] as const) {
    const real = fs[name] as (path: string, ...rest: unknown[]) => unknown;
    const moved = (path: string, ...rest: unknown[]) =>
      real(path.replace(one, folder).replace(other, "/no/such/folder"), ...rest);
    jest.spyOn(fs, name).mockImplementation(moved as never);
  }
  expect(readCertificates("auto")).toBe(certificate("corporate"));
});

test("none is none, and so is auto on a machine without folders of its own", () => {
  expect(readCertificates("none")).toBe("");
  jest.spyOn(fs, "existsSync").mockReturnValue(false);
  expect(readCertificates("auto")).toBe("");
});

test("a folder is refused that has no certificate, or one that cannot be read, whatever the reason, as is a file", () => {
  const folder = temporaryFolder();
  write(join(folder, "empty.crt"), "nothing");
  expect(readCertificates(folder)).toEqual(
    new Refusal("a folder with at least one certificate in PEM form, *.crt or *.pem", "auto"),
  );
  expect(readCertificates(join(folder, "empty.crt"))).toEqual(new Refusal("a folder that is there, auto or none", "auto"));
  write(join(folder, "a.crt"), certificate("first"));
  fs.symlinkSync(join(folder, "gone"), join(folder, "b.crt"));
  expect(readCertificates(folder)).toEqual(new Refusal("a folder whose *.crt and *.pem can all be read", "auto"));
});

test("the reader names the key and the folder", () => {
  const folder = temporaryFolder();
  expect(problemsOf(source({ caCertificates: folder }))).toMatchObject([
    { key: "caCertificates", value: JSON.stringify(folder), fix: "pulumi config set caCertificates auto" },
  ]);
});
