import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";

import { ok } from "../integration/helpers/run";
import { TestStack } from "../integration/helpers/testStack";
import { until } from "../integration/helpers/until";

/** The containers that are others than before, by name. */
function changed(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys({ ...before, ...after })
    .filter((name) => before[name] !== after[name])
    .sort();
}

/** The certificate that a server shows, whether anybody trusts it or not. */
function certificateAt(url: string): Promise<X509Certificate> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, timeout: 100_000 }, () => {
      resolve(new X509Certificate(socket.getPeerCertificate().raw));
      socket.destroy();
    });
    socket.once("error", reject);
    socket.once("timeout", () => socket.destroy(new Error("no answer")));
  });
}

/** The status of an answer over https, from a server that one certificate alone is trusted to be. */
function statusOf(url: string, ca: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca, agent: false, timeout: 100_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.once("error", reject);
    asked.once("timeout", () => asked.destroy(new Error("no answer")));
    asked.end();
  });
}

/** A kernel's answer to some code over the server's websocket, for a client that checks the server's certificate and name. */
const overWebsocket = `
import asyncio, json, os, ssl, sys, urllib.request, uuid
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

token = open("/etc/spark-cluster/jupyter-token").read().strip()
context = ssl.create_default_context(cafile=os.environ["JUPYTERLAB_TLS"] + "/tls.crt")
headers = {"Authorization": f"token {token}"}

def api(method, path):
    asked = urllib.request.Request("https://localhost:8888/api/" + path, headers=headers, method=method)
    with urllib.request.urlopen(asked, timeout=90, context=context) as answer:
        return json.loads(answer.read() or "null")

async def main(kernel):
    url = f"wss://localhost:8888/api/kernels/{kernel}/channels"
    socket = await websocket_connect(HTTPRequest(url, headers=headers, ssl_options=context, connect_timeout=90, request_timeout=90))
    content = {"code": "print(6 * 7)", "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "", "session": "test", "version": "5.3", "date": ""}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}
    await socket.write_message(json.dumps(message))
    while True:
        answer = json.loads(await asyncio.wait_for(socket.read_message(), 60))
        if answer["msg_type"] == "stream":
            return answer["content"]["text"]

kernel = api("POST", "kernels")["id"]
try:
    print(asyncio.run(main(kernel)))
finally:
    api("DELETE", "kernels/" + kernel)
`;

describe("the doors of a cluster", () => {
  let stack: TestStack;
  let folder: string;

  const ide = () => `spark-cluster-${stack.name}-jupyterlab`;
  const inside = (...command: string[]) => stack.askInside(ide(), ...command);
  const address = async () => (await stack.outputs()).jupyterlab;
  const generated = () => inside("cat", "/home/spark/.jupyter/tls/tls.crt");

  /** A bare up, and which containers it made anew. */
  async function upAndCompare(): Promise<string[]> {
    const before = await stack.ids();
    await stack.bareUp();
    return changed(before, await stack.ids());
  }

  /** A certificate of an authority's own, in the folder. */
  async function issue(): Promise<string> {
    const [key, certificate] = [join(folder, "tls.key"), join(folder, "tls.crt")];
    const names = "subjectAltName=DNS:localhost";
    const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext", names];
    await ok("openssl", [...made, "-keyout", key, "-out", certificate]);
    return ok("cat", [certificate]);
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "spark-cluster-tls-"));
    stack = await TestStack.make({ config: { tls: "generated", workers: "1" } });
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await TestStack.destroyAll();
  });

  test("make up prints an https address, and the fingerprint of the certificate that answers there", async () => {
    const output = await stack.up();
    const shown = await certificateAt(await address());
    expect(await address()).toMatch(/^https:\/\/localhost:/);
    expect(output).toContain(await address());
    expect(output).toContain(shown.fingerprint256);
    expect(shown.subjectAltName).toContain("DNS:localhost, IP Address:127.0.0.1");
  });

  test("who trusts that certificate is let in with the token, and nobody over http", async () => {
    const url = await address();
    expect(await statusOf(url, await generated())).toBe(200);
    expect(await statusOf(url.replace(/token=\w+/, "token=guess").replace("/lab", "/api/status"), await generated())).toBe(403);
    await expect(fetch(url.replace("https:", "http:"))).rejects.toThrow();
  });

  test("its key is in one place, for its owner alone", async () => {
    expect((await inside("stat", "--format", "%a %u", "/home/spark/.jupyter/tls/tls.key")).trim()).toBe("600 1000");
    expect(await inside("ls", "/etc/spark-cluster")).not.toContain("tls");
    expect(await inside("find", "/home/spark/.jupyter", "-name", "*.partial")).toBe("");
  });

  test("a kernel answers over a websocket", async () => {
    const [python, ...rest] = ["/opt/jupyterlab/bin/python", "-c", overWebsocket];
    expect((await inside("timeout", "120", python, ...rest)).trim()).toBe("42");
  });

  test("the certificate outlives its container", async () => {
    const before = await generated();
    await stack.ask("restart", ide());
    await stack.set("tmpMemory", "129m");
    expect(await upAndCompare()).toContain("jupyterlab");
    expect(await generated()).toBe(before);
    expect(await stack.pendingChanges()).toBe("");
  });

  test("one that is about to end does not", async () => {
    const url = await address();
    const short = "openssl req -x509 -key ~/.jupyter/tls/tls.key -days 50 -subj /CN=short -out ~/.jupyter/tls/tls.crt";
    await inside("sh", "-c", short);
    await stack.ask("restart", ide());
    await until("JupyterLab answers", 120, () =>
      certificateAt(url).then(
        () => true,
        () => false,
      ),
    );
    expect((await certificateAt(url)).subject).not.toContain("short");
  });

  test("a new token is one command, and the old one is refused from then on", async () => {
    const before = await address();
    const output = await stack.must("rotate-token");
    const after = await address();
    expect(output).toContain("kernels that run end");
    expect(output).toContain(after);
    expect(after).not.toBe(before);
    const status = (url: string) => url.replace("/lab", "/api/status");
    expect(await statusOf(status(before), await generated())).toBe(403);
    expect(await statusOf(status(after), await generated())).toBe(200);
  });

  test("a new secret is one command, and JupyterLab with its token stays", async () => {
    const secret = async () =>
      /^spark\.authenticate\.secret.*$/m.exec(await inside("cat", "/etc/spark-cluster/spark-defaults.conf"));
    const [before, ids, token] = [await secret(), await stack.ids(), await address()];
    const output = await stack.must("rotate-secret");
    expect(output).toContain("applications that run end");
    expect(output).toContain("A job ran on all 1 workers and gave the right answer.");
    expect((await secret())?.[0]).toMatch(/secret = \w{64}$/);
    expect((await secret())?.[0]).not.toBe(before?.[0]);
    expect(changed(ids, await stack.ids())).toEqual(["master", "worker-1"]);
    expect(await address()).toBe(token);
  });

  test("another address makes another certificate, that names it", async () => {
    const before = await generated();
    await stack.set("bindAddress", "127.0.0.2");
    await stack.bareUp();
    expect(await generated()).not.toBe(before);
    expect(await address()).toMatch(/^https:\/\/127\.0\.0\.2:/);
    expect(await statusOf(await address(), await generated())).toBe(200);
    await stack.pulumi("config", "rm", "bindAddress");
    await stack.bareUp();
  });

  test("a preview that opens the ports says to whom", async () => {
    await stack.set("bindAddress", "0.0.0.0");
    const { code, output } = await stack.tryPulumi("preview");
    await stack.pulumi("config", "rm", "bindAddress");
    expect(code).toBe(0);
    expect(output).toContain("Whoever reaches the engine's machine by any of its addresses can reach:");
    expect(output).toContain("Spark's UI, without a login");
    expect(output).toContain("pulumi config set bindAddress 127.0.0.1");
  });

  test("a certificate that is given is the one that answers, and its key is nowhere to be read", async () => {
    const certificate = await issue();
    await stack.set("tls", folder);
    expect(await upAndCompare()).toEqual(["jupyterlab"]);
    expect(await statusOf(await address(), certificate)).toBe(200);
    const key = (await ok("cat", [join(folder, "tls.key")])).split("\n")[1] ?? "";
    expect(key.length).toBeGreaterThan(20);
    expect(await stack.pulumi("stack", "export")).not.toContain(key);
    expect(JSON.stringify(await stack.containers())).not.toContain(key);
    expect(await stack.pendingChanges()).toBe("");
  });

  test("one that is renewed makes JupyterLab anew, and nothing else", async () => {
    const certificate = await issue();
    expect(await upAndCompare()).toEqual(["jupyterlab"]);
    expect(await statusOf(await address(), certificate)).toBe(200);
  });

  test("a key of another certificate is refused, and the cluster goes on", async () => {
    await ok("openssl", ["genrsa", "-out", join(folder, "tls.key"), "2048"]);
    const { code, output } = await stack.tryPulumi("preview");
    expect(code).not.toBe(0);
    expect(output).toContain("tls.key belongs to its tls.crt");
    expect(output).toContain("pulumi config set tls generated");
  });
});
