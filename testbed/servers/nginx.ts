import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePorts } from "../freePorts";
import { ok } from "../run";

/** Debian's nginx on loopback, with TLS by a certificate that no browser trusts. */
export class Nginx {
  private constructor(
    readonly url: string,
    private readonly folder: string,
  ) {}

  /** Starts it with the content of a file of sites-enabled, in which port 443, the certificate and its key are replaced. */
  static async start(site: string): Promise<Nginx> {
    const [port = 0] = await freePorts(1);
    const folder = mkdtempSync(join(tmpdir(), "spark-cluster-nginx-"));
    const nginx = new Nginx(`https://localhost:${port}`, folder);
    const [key, certificate] = [join(folder, "key"), join(folder, "certificate")];
    const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
    await ok("openssl", ["req", ...kind, "-keyout", key, "-out", certificate]);
    const here = site
      .replace(/listen 443/, `listen 127.0.0.1:${port}`)
      .replace(/(ssl_certificate +).*;/, `$1${certificate};`)
      .replace(/(ssl_certificate_key +).*;/, `$1${key};`);
    writeFileSync(join(folder, "conf"), `pid pid; error_log errors; events {} http { access_log off; ${here} }`);
    await nginx.run();
    return nginx;
  }

  async stop(): Promise<void> {
    await this.run("-s", "quit");
    rmSync(this.folder, { recursive: true });
  }

  /** Without arguments it returns once the server listens. */
  private run(...args: string[]): Promise<string> {
    return ok("nginx", ["-p", this.folder, "-c", "conf", "-e", "errors", ...args]);
  }
}
