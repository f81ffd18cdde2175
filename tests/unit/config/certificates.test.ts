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

const ofMachine = "/usr/local/share/ca-certificates";
const ofFedora = "/etc/pki/ca-trust/source/anchors";
const reading = ["existsSync", "readdirSync", "readFileSync", "realpathSync", "statSync", "accessSync"] as const;

/** Puts a folder in the place of the machine's own. Some functions of the file system are denied a path in it. */
function machineHas(folder: string, denied: Partial<Record<(typeof reading)[number], string>> = {}, fedoras = "/no/such"): void {
  for (const name of reading) {
    const real = fs[name] as (path: string, ...rest: unknown[]) => unknown;
    const moved = (path: string, ...rest: unknown[]) => {
      if (path === join(ofMachine, denied[name] ?? "nothing")) {
        throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES", path });
      }
      return real(path.replace(ofMachine, folder).replace(ofFedora, fedoras), ...rest);
    };
    jest.spyOn(fs, name).mockImplementation(moved as never);
  }
}

test("auto takes those of the machine, of whichever of its folders are there", () => {
  const folder = temporaryFolder();
  write(join(folder, "corporate.crt"), certificate("corporate"));
  machineHas(folder);
  expect(readCertificates("auto")).toBe(certificate("corporate"));
});

test("auto takes those of subfolders and behind links, each once, and passes over links to nothing, to themselves and around", () => {
  const [folder, other] = [temporaryFolder(), temporaryFolder()];
  write(join(folder, "team", "deep", "b.crt"), certificate("deep"));
  write(join(folder, "team", "c.txt"), certificate("no"));
  write(join(other, "a.crt"), certificate("linked"));
  fs.symlinkSync(other, join(folder, "one"));
  fs.symlinkSync(other, join(folder, "two"));
  fs.symlinkSync("..", join(folder, "team", "around"));
  fs.symlinkSync(join(folder, "gone.crt"), join(folder, "gone.crt"));
  fs.symlinkSync(join(folder, "nothing"), join(folder, "dangling.crt"));
  machineHas(folder);
  expect(readCertificates("auto")).toBe(certificate("linked") + certificate("deep"));
});

test("auto takes none of subfolders where the system does not, which is so on Fedora", () => {
  const folder = temporaryFolder();
  write(join(folder, "a.crt"), certificate("anchor"));
  write(join(folder, "team", "b.crt"), certificate("deep"));
  fs.symlinkSync(join(folder, "nothing"), join(folder, "dangling.pem"));
  machineHas("/no/such", {}, folder);
  expect(readCertificates("auto")).toBe(certificate("anchor"));
});

test.each([
  ["a file", { readFileSync: "a b.crt" }, "a b.crt"],
  ["a folder", { readdirSync: "team" }, "team"],
  ["a file whose folder may not be entered", { statSync: "team/c.crt", accessSync: "team" }, "team"],
])("what this user may not read is named, with the command that opens it: %s", (_, denied, named) => {
  const folder = temporaryFolder();
  write(join(folder, "a b.crt"), certificate("first"));
  write(join(folder, "team", "c.crt"), certificate("second"));
  machineHas(folder, denied);
  const path = join(ofMachine, named);
  expect(problemsOf(source({ caCertificates: "auto" }))).toEqual([
    {
      key: "caCertificates",
      value: '"auto"',
      allowed: `a folder whose *.crt and *.pem can all be read; ${JSON.stringify(path)} cannot`,
      fix: `sudo chmod a+rX ${named === "team" ? path : `'${path}'`}`,
    },
  ]);
});

test("none is none, and so is auto on a machine without folders of its own", () => {
  expect(readCertificates("none")).toBe("");
  jest.spyOn(fs, "existsSync").mockReturnValue(false);
  expect(readCertificates("auto")).toBe("");
});

test("a folder is refused that has no certificate, or one that is a link to nothing, as is a file; another fault is none of the configuration's", () => {
  const folder = temporaryFolder();
  write(join(folder, "empty.crt"), "nothing");
  expect(readCertificates(folder)).toEqual(
    new Refusal("a folder with at least one certificate in PEM form, *.crt or *.pem", "auto"),
  );
  expect(readCertificates(join(folder, "empty.crt"))).toEqual(new Refusal("a folder that is there, auto or none", "auto"));
  write(join(folder, "a.crt"), certificate("first"));
  fs.symlinkSync(join(folder, "gone"), join(folder, "b.crt"));
  const allowed = `a folder whose *.crt and *.pem can all be read; ${JSON.stringify(join(folder, "b.crt"))} cannot`;
  expect(readCertificates(folder)).toEqual(new Refusal(allowed, "auto"));
  fs.rmSync(join(folder, "b.crt"));
  const real = fs.readdirSync as (path: string) => unknown;
  const failing = (path: string) => (path === folder ? undefined : real(path));
  jest.spyOn(fs, "readdirSync").mockImplementation(failing as never);
  expect(() => readCertificates(folder)).toThrow(TypeError);
});

test("the reader names the key and the folder", () => {
  const folder = temporaryFolder();
  expect(problemsOf(source({ caCertificates: folder }))).toMatchObject([
    { key: "caCertificates", value: JSON.stringify(folder), fix: "pulumi config set caCertificates auto" },
  ]);
});
