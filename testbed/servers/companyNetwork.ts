import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex, pipeline } from "node:stream";

import { clientCommand } from "../../engine/cli";
import { ok, run } from "../run";
import { docker } from "../engines/here";

const started: CompanyNetwork[] = [];
const localCertificates = "/usr/local/share/ca-certificates";

/**
 * The servers between a company's machines and the internet, on one address of this machine: package mirrors with the company's
 * own certificate, and a proxy. All of them require a password.
 */
export class CompanyNetwork {
  readonly mirrorPassword = `mirror-${Math.random().toString(36).slice(2)}`;
  readonly proxyPassword = `proxy-${Math.random().toString(36).slice(2)}`;
  /** A jar of the company, which is in no other Maven repository and in no cache of an earlier build. */
  readonly jar = `com.example.company:own-jar:1.${Date.now()}`;
  /** The number of requests to each with the right password. */
  readonly requests = { apt: 0, pip: 0, maven: 0, proxy: 0 };
  /** A folder with the company's certificate and the machine's own. */
  readonly certificates = mkdtempSync(join(tmpdir(), "spark-cluster-company-"));
  private readonly servers: http.Server[] = [];
  private readonly tunnels = new Set<Duplex>();

  private constructor(
    readonly address: string,
    private readonly upstream: { readonly apt: string; readonly pip: string },
  ) {}

  static async start(address: string): Promise<CompanyNetwork> {
    const list = "cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true";
    const [program, ...args] = clientCommand(docker, "run", "--rm", "docker.io/library/debian:bookworm-slim", "sh", "-c", list);
    const sources = await ok(program, args);
    const configured = await run("python3", ["-m", "pip", "config", "get", "global.index-url"]);
    const pip =
      configured.code === 0
        ? configured.stdout
        : await ok("python3", ["-c", "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"]);
    const network = new CompanyNetwork(address, {
      apt: /https?:\/\/[^/\s]+/.exec(sources)![0],
      pip: pip.trim().replace(/\/+$/, ""),
    });
    started.push(network);
    await network.listen();
    return network;
  }

  get mirrorUrl(): string {
    return `https://reader:${this.mirrorPassword}@${this.address}:${this.port(0)}`;
  }

  get proxyUrl(): string {
    return `http://user:${this.proxyPassword}@${this.address}:${this.port(1)}`;
  }

  /** The mirror without a password, to check only whether its certificate is trusted. */
  get plainUrl(): string {
    return `https://${this.address}:${this.port(0)}/`;
  }

  static async stopAll(): Promise<void> {
    await Promise.all(started.splice(0).map((network) => network.stop()));
  }

  private async stop(): Promise<void> {
    this.tunnels.forEach((socket) => socket.destroy()); // closeAllConnections() leaves them open
    this.servers.forEach((server) => {
      server.closeAllConnections();
    });
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
    rmSync(this.certificates, { recursive: true, force: true });
  }

  private port(server: number): number {
    return (this.servers[server]!.address() as AddressInfo).port;
  }

  private async listen(): Promise<void> {
    const [key, cert] = [join(this.certificates, "key"), join(this.certificates, "company.crt")];
    const subject = ["-subj", "/CN=A company of a test", "-addext", `subjectAltName=IP:${this.address}`];
    const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
    await ok("openssl", ["req", ...kind, "-keyout", key, "-out", cert, ...subject]);
    for (const file of existsSync(localCertificates) ? readdirSync(localCertificates) : []) {
      copyFileSync(join(localCertificates, file), join(this.certificates, file));
    }
    const mirrors = https.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      this.mirror(request, response);
    });
    this.servers.push(mirrors, this.proxy());
    await Promise.all(this.servers.map((server) => new Promise<void>((resolve) => server.listen(0, this.address, resolve))));
  }

  private mirror(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (request.headers.authorization !== basic("reader", this.mirrorPassword)) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="company"' }).end();
      return;
    }
    const path = request.url ?? "/";
    if (path.startsWith("/maven/")) {
      this.maven(path.slice("/maven/".length), response);
      return;
    }
    const isPip = path.startsWith("/simple");
    this.requests[isPip ? "pip" : "apt"] += 1;
    const target = new URL(isPip ? this.upstream.pip + path.slice("/simple".length) : this.upstream.apt + path);
    const { host: _host, authorization: _password, connection: _connection, ...headers } = request.headers;
    (target.protocol === "https:" ? https : http)
      .get(target, { headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        pipeline(answer, response, () => undefined); // a client that disconnects will retry
      })
      .on("error", (error) => response.writeHead(502).end(String(error)));
  }

  /** A Maven repository with one empty jar without dependencies. */
  private maven(path: string, response: http.ServerResponse): void {
    this.requests.maven += 1;
    const [group = "", artifact = "", version = ""] = this.jar.split(":");
    const files: Readonly<Record<string, string | Buffer>> = {
      pom:
        `<project><modelVersion>4.0.0</modelVersion><groupId>${group}</groupId>` +
        `<artifactId>${artifact}</artifactId><version>${version}</version></project>`,
      jar: Buffer.concat([Buffer.from("PK\u0005\u0006"), Buffer.alloc(18)]),
    };
    const known = `${group.replaceAll(".", "/")}/${artifact}/${version}/${artifact}-${version}.`;
    const file = path.startsWith(known) ? files[path.slice(known.length)] : undefined;
    response.writeHead(file === undefined ? 404 : 200).end(file);
  }

  private proxy(): http.Server {
    const server = http.createServer((_request, response) => response.writeHead(405).end());
    server.on("connect", (request: http.IncomingMessage, client, head: Buffer) => {
      if (request.headers["proxy-authorization"] !== basic("user", this.proxyPassword)) {
        client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="company"\r\n\r\n');
        return;
      }
      this.requests.proxy += 1;
      const [host = "", port = "443"] = (request.url ?? "").split(":");
      const remote = connect(Number(port), host, () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        remote.write(head);
        remote.pipe(client).pipe(remote);
      });
      this.tunnels.add(client).add(remote);
      remote.on("error", () => client.destroy());
      client.on("error", () => remote.destroy());
    });
    return server;
  }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
