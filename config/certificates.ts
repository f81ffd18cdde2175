import { accessSync, constants, existsSync, readdirSync, readFileSync, realpathSync, Stats, statSync } from "node:fs";
import { dirname, join } from "node:path";

import { tried } from "../engine/tried";
import { shellWord, shown } from "./problem";
import { Refusal } from "./readers";

/**
 * Folders of locally trusted certificates, on Debian's and on Fedora's family of systems. Debian's update-ca-certificates reads
 * subfolders (`find -L`), Fedora's p11-kit does not.
 */
const machineFolders = [
  { path: "/usr/local/share/ca-certificates", hasSubfolders: true },
  { path: "/etc/pki/ca-trust/source/anchors", hasSubfolders: false },
];

/**
 * Reads a folder's certificates (`*.crt`, `*.pem`) as one PEM text. `auto` reads the certificates that this machine trusts
 * locally, `none` reads none. Any other folder must exist and contain at least one certificate.
 */
export function readCertificates(folder: string): string | Refusal {
  if (folder === "none") {
    return "";
  }
  if (folder === "auto") {
    return readable(() => machineFolders.filter(({ path }) => existsSync(path)).flatMap(filesOf));
  }
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    return new Refusal("a folder that is there, auto or none", "auto");
  }
  const certificates = readable(() =>
    readdirSync(folder)
      .filter(isCertificate)
      .map((file) => join(folder, file))
      .filter((file) => statSync(file).isFile()),
  );
  return certificates === ""
    ? new Refusal("a folder with at least one certificate in PEM form, *.crt or *.pem", "auto")
    : certificates;
}

function isCertificate(file: string): boolean {
  return /\.(crt|pem)$/.test(file);
}

/** The certificates of one of the machine's folders. Links are followed, and those to nothing are passed over. */
function filesOf(folder: (typeof machineFolders)[number]): string[] {
  const seen = new Set<string>(); // links may lead around
  const filesIn = (path: string): string[] => {
    const real = realpathSync(path);
    if (seen.has(real)) {
      return [];
    }
    seen.add(real);
    return readdirSync(path).flatMap((name) => {
      const entry = join(path, name);
      const found = followed(entry);
      if (found?.isDirectory() === true) {
        return folder.hasSubfolders ? filesIn(entry) : [];
      }
      return found?.isFile() === true && isCertificate(name) ? [entry] : [];
    });
  };
  return filesIn(folder.path);
}

/** What is at a path; undefined for a link to nothing or to itself. */
function followed(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOOP") {
      return undefined;
    }
    throw error;
  }
}

/** The certificates in files; the refusal of the first file or folder that cannot be read. */
function readable(find: () => string[]): string | Refusal {
  try {
    return certificatesIn(find());
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (path === undefined) {
      throw error;
    }
    const what = obstacle(path);
    const allowed = `a folder whose *.crt and *.pem can all be read; ${shown(what)} cannot`;
    return new Refusal(allowed, "auto", code === "EACCES" ? { command: `sudo chmod a+rX ${shellWord(what)}` } : undefined);
  }
}

/** What has to be opened to read a path: itself, or its folder if that can be listed, but not entered. */
function obstacle(path: string): string {
  const open = tried(() => {
    accessSync(dirname(path), constants.X_OK);
    return path;
  });
  return open ?? dirname(path);
}

function certificatesIn(files: readonly string[]): string {
  return [...files]
    .sort()
    .map((file) => readFileSync(file, "utf8"))
    .flatMap((text) => text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [])
    .map((certificate) => `${certificate}\n`)
    .join("");
}
