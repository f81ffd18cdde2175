import { spawn } from "node:child_process";
import http from "node:http";
import net, { AddressInfo } from "node:net";
import { join } from "node:path";

const responds = join(__dirname, "../../../images/base/responds");
/** Runs the script with less patience. */
const impatient = 'import sys; exec(open(sys.argv.pop(1)).read().replace("patience = 20", "patience = 0.2"))';

/** Asks the server of a variable, as a build does. */
async function asked(server: net.Server, key: string, variable: string): Promise<{ code: number | null; output: string }> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { http_proxy: _proxy, ...rest } = process.env;
  const env = { ...rest, [variable]: `http://me:hunter2@${host}/below/` };
  const child = spawn("python3", ["-c", impatient, responds, key, "a/file"], { env });
  const output: string[] = [];
  child.stderr.on("data", (data: Buffer) => output.push(data.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  await new Promise((resolve) => server.close(resolve));
  return { code, output: output.join("").replaceAll(host, "HOST") };
}

test("a server that accepts connections and never answers is named, with its key and without its password", async () => {
  const { code, output } = await asked(
    net.createServer((socket) => socket.resume()),
    "pipIndexUrl",
    "PIP_INDEX_URL",
  );
  expect(code).toBe(1);
  expect(output).toMatch(
    /^spark-cluster: pipIndexUrl, httpProxy: HOST did not answer, twice .*: pulumi config set pipIndexUrl \.\.\.\n$/,
  );
  expect(output).not.toContain("hunter2");
});

test("every answer is good, and so is no server at all: pip and Ivy report those", async () => {
  const paths: (string | undefined)[] = [];
  const server = http.createServer((request, response) => {
    paths.push(request.url);
    response.writeHead(404).end();
  });
  expect(await asked(server, "mavenMirror", "MAVEN_MIRROR")).toEqual({ code: 0, output: "" });
  expect(paths).toEqual(["/below/a/file"]);
  const closing = net.createServer((socket) => socket.destroy());
  expect(await asked(closing, "pipIndexUrl", "PIP_INDEX_URL")).toEqual({ code: 0, output: "" });
});
