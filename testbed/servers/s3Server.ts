import { ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePorts } from "../freePorts";
import { ok } from "../run";

const version = "v1.8.0";
/** Kept for the next run, because building it takes minutes. */
const binaries = join(__dirname, "../../node_modules/.cache", `versitygw-${version}`);

const started: S3Server[] = [];

/** A real S3 server, VersityGW, over a folder of this machine. Its credentials are new for each run. */
export class S3Server {
  readonly accessKey = `access-${randomBytes(8).toString("hex")}`;
  readonly secretKey = `secret-${randomBytes(16).toString("hex")}`;
  private readonly folder = mkdtempSync(join(tmpdir(), "spark-cluster-s3-"));
  private server?: ChildProcess;

  private constructor(private readonly address: string) {}

  /**
   * Starts a server with a bucket, at an address of this machine that no other machine can reach: by default that of Docker's
   * bridge, where containers can reach it.
   */
  static async start(bucket: string, host?: string): Promise<S3Server> {
    if (!existsSync(join(binaries, "versitygw"))) {
      const env = { ...process.env, GOBIN: binaries };
      await ok("go", ["install", `github.com/versity/versitygw/cmd/versitygw@${version}`], { env, timeout: 900 });
    }
    const [port = 0] = await freePorts(1);
    const server = new S3Server(`${host ?? (await addressOfBridge())}:${String(port)}`);
    started.push(server);
    await server.run(bucket);
    return server;
  }

  get endpoint(): string {
    return `http://${this.address}`;
  }

  /** The objects of a bucket, read from the server's disk. */
  objects(bucket: string): string[] {
    return readdirSync(join(this.folder, "buckets", bucket), { recursive: true, encoding: "utf8" });
  }

  static async stopAll(): Promise<void> {
    await Promise.all(started.splice(0).map((server) => server.stop()));
  }

  private async stop(): Promise<void> {
    if (this.server?.exitCode === null) {
      const ended = once(this.server, "exit");
      this.server.kill();
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(bucket: string): Promise<void> {
    const [buckets, metadata] = [join(this.folder, "buckets"), join(this.folder, "metadata")];
    mkdirSync(join(buckets, bucket), { recursive: true });
    mkdirSync(metadata);
    const args = ["--port", this.address, "--quiet", "posix", "--sidecar", metadata, buckets];
    const env = { ...process.env, ROOT_ACCESS_KEY_ID: this.accessKey, ROOT_SECRET_ACCESS_KEY: this.secretKey };
    this.server = spawn(join(binaries, "versitygw"), args, { env, stdio: "ignore" });
    for (let tries = 0; tries < 600 && this.server.exitCode === null; tries++) {
      const answer = await fetch(this.endpoint).catch(() => undefined);
      if (answer !== undefined) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`the S3 server does not answer at ${this.endpoint}`);
  }
}

async function addressOfBridge(): Promise<string> {
  const bridge = await ok("ip", ["-4", "-oneline", "address", "show", "docker0"]);
  const [, address = "127.0.0.1"] = /inet ([\d.]+)/.exec(bridge) ?? []; // an empty host would listen for every machine
  return address;
}
