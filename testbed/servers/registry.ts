import { ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ok } from "../run";
import { freePorts } from "../freePorts";
import { until } from "../until";

const started: Registry[] = [];

/** A registry on loopback, with a login unless it is open. This machine's engines are configured to trust its certificate. */
export class Registry {
  readonly user = "publisher";
  readonly password = "of-this-test-alone";
  private process: ChildProcess | undefined;

  private constructor(
    /** Host and port, with which the names of its images begin. */
    readonly address: string,
    private readonly folder: string,
    private readonly open: boolean,
  ) {}

  /** Starts an empty registry; an open one requires no login. A host other than loopback has to be an address of this machine. */
  static async start({ open = false, host = "127.0.0.1" } = {}): Promise<Registry> {
    const [port = 0] = await freePorts(1);
    const registry = new Registry(`${host}:${port}`, mkdtempSync(join(tmpdir(), "spark-cluster-registry-")), open);
    started.push(registry);
    await registry.prepare();
    await registry.resume();
    return registry;
  }

  static async stopAll(): Promise<void> {
    for (const registry of started.splice(0)) {
      await registry.pause();
      registry.trustFolders().forEach((folder) => {
        rmSync(folder, { recursive: true });
      });
      rmSync(registry.folder, { recursive: true });
    }
  }

  /** Starts it with its earlier images. */
  async resume(): Promise<void> {
    this.process = spawn("docker-registry", ["serve", join(this.folder, "config.yml")], { stdio: "ignore" });
    await until(`the registry at ${this.address} answers`, 120, () => this.digest("x", "y").catch(() => undefined));
  }

  /** Stops it; its images stay. */
  async pause(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    if (process?.exitCode === null) {
      const ended = new Promise((resolve) => process.once("exit", resolve));
      process.kill();
      await ended;
    }
  }

  /** The digest of an image; "" if it does not have the image. */
  digest(repository: string, tagOrDigest: string): Promise<string> {
    const formats = ["oci.image.manifest.v1", "docker.distribution.manifest.v2"].map((name) => `application/vnd.${name}+json`);
    const options = {
      method: "HEAD",
      ca: readFileSync(join(this.folder, "certificate")),
      auth: `${this.user}:${this.password}`,
      headers: { accept: formats.join(", ") },
    };
    return new Promise((resolve, reject) => {
      request(`https://${this.address}/v2/${repository}/manifests/${tagOrDigest}`, options, (answer) => {
        resolve(String(answer.headers["docker-content-digest"] ?? ""));
        answer.resume();
      })
        .on("error", reject)
        .end();
    });
  }

  /** The folders in which Docker and Podman look for a registry's certificate. */
  private trustFolders(): string[] {
    return ["docker", "containers"].map((engine) => `/etc/${engine}/certs.d/${this.address}`);
  }

  private async prepare(): Promise<void> {
    const [key, certificate] = [join(this.folder, "key"), join(this.folder, "certificate")];
    const subject = ["-subj", "/CN=A registry of a test", "-addext", `subjectAltName=IP:${this.address.replace(/:.*/, "")}`];
    const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
    await ok("openssl", ["req", ...kind, "-keyout", key, "-out", certificate, ...subject]);
    for (const folder of this.trustFolders()) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "ca.crt"), readFileSync(certificate));
    }
    // The hash of the password above, as htpasswd(1) writes it with bcrypt.
    writeFileSync(join(this.folder, "users"), "publisher:$2b$04$vnaUZqfTKOyWoQC18L9AO.zawjajuc6490bqwf02U8BY1mA2FChBy\n");
    const config = {
      version: 0.1,
      log: { level: "error" },
      storage: { filesystem: { rootdirectory: join(this.folder, "images") } },
      http: { addr: this.address, tls: { certificate, key } },
      ...(!this.open && { auth: { htpasswd: { realm: "test", path: join(this.folder, "users") } } }),
    };
    writeFileSync(join(this.folder, "config.yml"), JSON.stringify(config)); // JSON is YAML
  }
}
