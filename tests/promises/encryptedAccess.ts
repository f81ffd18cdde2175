import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { ok } from "../../testbed/run";
import { TestStack } from "../../testbed/testStack";
import { until } from "../../testbed/until";
import { containersChangedBy } from "../helpers/changes";
import { answerOf, certificateAt, statusOf } from "../helpers/https";
import { Life } from "../helpers/life";
import { inNotebook } from "../helpers/notebook";
import { refused } from "../helpers/refused";

/** A kernel's answer over the server's websocket, to a client that checks the server's certificate and name. */
const overWebsocket = `
import asyncio, uuid
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

async def answer(kernel):
    url = f"wss://localhost:8888/api/kernels/{kernel}/channels"
    asked = HTTPRequest(url, headers=authorization(), ssl_options=CONTEXT, connect_timeout=90, request_timeout=90)
    socket = await websocket_connect(asked)
    content = {"code": "print(6 * 7)", "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "", "session": "test", "version": "5.3", "date": ""}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}
    await socket.write_message(json.dumps(message))
    while True:
        answer = json.loads(await asyncio.wait_for(socket.read_message(), 60))
        if answer["msg_type"] == "stream":
            return answer["content"]["text"]

print(json.dumps(asyncio.run(answer(ask_server("/api/kernels", b"{}")["id"]))))
`;

const inside = (stack: TestStack, ...command: string[]) => stack.askInside(stack.nameOf("jupyterlab"), ...command);
const address = async (stack: TestStack) => (await stack.outputs()).jupyterlab;
const statusApi = (url: string) => url.replace("/lab", "/api/status");
/** The certificate that JupyterLab generated. */
const generated = (stack: TestStack) => inside(stack, "cat", "/home/spark/.jupyter/tls/tls.crt");
const rpcSecret = async (stack: TestStack) =>
  /^spark\.authenticate\.secret.*$/m.exec(await inside(stack, "cat", "/etc/spark-cluster/spark-defaults.conf"))?.[0];

const given = "a certificate that is given is shown, and nothing else can read its key";
const certificateFolder = (stack: TestStack) => join(stack.stateFolder, "tls");

/** Puts another certificate, signed by itself, and its key into the folder. */
async function issue(stack: TestStack): Promise<string> {
  const folder = certificateFolder(stack);
  mkdirSync(folder, { recursive: true });
  const [key, certificate] = [join(folder, "tls.key"), join(folder, "tls.crt")];
  const names = "subjectAltName=DNS:localhost";
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext", names];
  await ok("openssl", [...made, "-keyout", key, "-out", certificate]);
  return readFileSync(certificate, "utf8");
}

/** What `tls` and the commands that rotate secrets do, on a cluster of one worker with `tls: generated`. */
export function encryptedAccess(life: Life): void {
  describe("encrypted access", () => {
    life.step("JupyterLab answers a client that trusts its certificate and has the token, and not over http", async (stack) => {
      const [url, certificate] = [await address(stack), await generated(stack)];
      expect(await statusOf(url, certificate)).toBe(200);
      expect(await statusOf(statusApi(url).replace(/token=\w+/, "token=guess"), certificate)).toBe(403);
      await expect(fetch(url.replace("https:", "http:"))).rejects.toThrow();
      expect(await inNotebook<string>(stack, overWebsocket)).toBe("42\n");
    });

    life.step("the key is in one place, for its owner alone", async (stack) => {
      expect((await inside(stack, "stat", "--format", "%a %u", "/home/spark/.jupyter/tls/tls.key")).trim()).toBe("600 1000");
      expect(await inside(stack, "ls", "/etc/spark-cluster")).not.toContain("tls");
      expect(await inside(stack, "find", "/home/spark/.jupyter", "-name", "*.partial")).toBe("");
    });

    life.step("a generated certificate that is about to expire is replaced when JupyterLab starts", async (stack) => {
      const url = await address(stack);
      const short = "openssl req -x509 -key ~/.jupyter/tls/tls.key -days 50 -subj /CN=short -out ~/.jupyter/tls/tls.crt";
      await inside(stack, "sh", "-c", short);
      await stack.ask("restart", stack.nameOf("jupyterlab"));
      const shown = await until("JupyterLab answers", 120, () => certificateAt(url).catch(() => undefined));
      expect(shown.subject).not.toContain("short");
    });

    life.step("make rotate-token replaces the token and JupyterLab; certificate and RPC secret stay", async (stack) => {
      const [before, certificate, secret] = [await address(stack), await generated(stack), await rpcSecret(stack)];
      const cookies = (await answerOf(before, certificate)).headers["set-cookie"]?.map((each) => each.replace(/;.*/, ""));
      const signedIn = (url: string) =>
        statusOf(new URL("/api/contents", url).href, certificate, { Cookie: cookies?.join("; ") ?? "" });
      await stack.ask("restart", stack.nameOf("jupyterlab")); // the certificate outlives that as well, and so does the browser's cookie
      expect(await until("JupyterLab answers", 120, () => signedIn(before).catch(() => undefined))).toBe(200);
      const { output, containers } = await containersChangedBy(stack, () => stack.must("rotate-token"));
      expect(containers).toEqual(["jupyterlab"]);
      const after = await address(stack);
      expect(output).toContain("kernels that run end");
      expect(output).toContain(after);
      expect(after).toMatch(/^https:\/\/localhost:/);
      expect(after).not.toBe(before);
      expect([await generated(stack), await rpcSecret(stack)]).toEqual([certificate, secret]);
      expect(await statusOf(statusApi(before), certificate)).toBe(403);
      expect(await statusOf(statusApi(after), certificate)).toBe(200);
      expect(await signedIn(after)).toBe(403);
      const shown = await certificateAt(after);
      expect(output).toContain(shown.fingerprint256);
      expect(shown.subjectAltName).toContain("DNS:localhost, IP Address:127.0.0.1");
    });

    life.step(
      "make rotate-secret replaces the secret and what was started with it; JupyterLab and its token stay",
      async (stack) => {
        const [before, token] = [await rpcSecret(stack), await address(stack)];
        const { output, containers } = await containersChangedBy(stack, () => stack.must("rotate-secret"));
        expect(output).toContain("applications that run end");
        expect(output).toContain("A job ran on all 1 workers and gave the right answer.");
        const after = await rpcSecret(stack);
        expect(after).toMatch(/secret = \w{64}$/);
        expect(after).not.toBe(before);
        expect(containers).toEqual(["catalog", "master", "worker-1"]);
        expect(await address(stack)).toBe(token);
      },
    );

    life.step(given, async (stack) => {
      const certificate = await issue(stack);
      await stack.set("tls", certificateFolder(stack));
      expect((await containersChangedBy(stack, () => stack.quickUp())).containers).toEqual(["jupyterlab"]);
      expect(await statusOf(await address(stack), certificate)).toBe(200);
      const key = readFileSync(join(certificateFolder(stack), "tls.key"), "utf8").split("\n")[1] ?? "";
      expect(key.length).toBeGreaterThan(20);
      expect(await stack.pulumi("stack", "export")).not.toContain(key);
      expect(JSON.stringify(await stack.containers())).not.toContain(key);
      expect(await stack.pendingChanges()).toBe("");
    });

    life.step(
      "a certificate that is renewed replaces JupyterLab and nothing else; the key of another is refused",
      given,
      async (stack) => {
        const certificate = await issue(stack);
        expect((await containersChangedBy(stack, () => stack.quickUp())).containers).toEqual(["jupyterlab"]);
        expect(await statusOf(await address(stack), certificate)).toBe(200);
        await ok("openssl", ["genrsa", "-out", join(certificateFolder(stack), "tls.key"), "2048"]);
        const output = await refused(stack, { tls: certificateFolder(stack) });
        expect(output).toContain("tls.key belongs to its tls.crt");
        expect(output).toContain("pulumi config set tls generated");
      },
    );

    life.step("another address makes another certificate, with that address", async (stack) => {
      const before = await generated(stack);
      await stack.setAll({ tls: "generated", bindAddress: "127.0.0.2" });
      await stack.quickUp();
      expect(await generated(stack)).not.toBe(before);
      expect(await address(stack)).toMatch(/^https:\/\/127\.0\.0\.2:/);
      expect(await statusOf(await address(stack), await generated(stack))).toBe(200);
    });

    life.step("a preview that opens the ports says to whom", async (stack) => {
      await stack.set("bindAddress", "0.0.0.0");
      const { code, output } = await stack.tryPulumi("preview", "--refresh=false");
      await stack.pulumi("config", "rm", "bindAddress"); // the next up goes back to the default
      expect(code).toBe(0);
      expect(output).toContain("Whoever reaches the engine's machine by any of its addresses can reach:");
      expect(output).toContain("Spark's UI, without a login");
      expect(output).toContain("pulumi config set bindAddress 127.0.0.1");
    });
  });
}
