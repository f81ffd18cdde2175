import { randomBytes } from "node:crypto";
import { request } from "node:http";

import { Cluster } from "../helpers/cluster";
import { SecurityContext } from "../helpers/securityContext";

const elsewhere = { Origin: "http://elsewhere.example" };

/** The status of an attempt to open a WebSocket: 101 when it is open. */
function socket(url: URL, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const key = randomBytes(16).toString("base64");
    const upgrade = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key };
    const asked = request(url, { headers: { ...upgrade, ...headers }, timeout: 10_000 });
    asked.once("response", (response) => {
      response.destroy();
      resolve(response.statusCode);
    });
    asked.once("upgrade", (_, connection) => {
      connection.destroy();
      resolve(101);
    });
    asked.once("error", reject);
    asked.end();
  });
}

/** JupyterLab answers nobody but a browser that was opened with the token, on its own pages. */
export function jupyterDoors(cluster: Cluster, context: SecurityContext): void {
  describe("JupyterLab", () => {
    /** A page's address, and what a browser has that was opened with the token. */
    const visit = cluster.shared("the sign-in", async (stack) => {
      const { jupyterlab } = await stack.outputs();
      const set = (await fetch(jupyterlab)).headers.getSetCookie().map((cookie) => cookie.replace(/;.*/, ""));
      const xsrf = set.find((cookie) => cookie.startsWith("_xsrf="))!.replace("_xsrf=", "");
      return { at: (path: string) => new URL(path, jupyterlab), cookies: { Cookie: set.join("; ") }, xsrf };
    });

    cluster.test("asks for the token on every way in", async () => {
      const { at } = await visit();
      const methods = ["GET /api/contents", "GET /api/kernels", "GET /api/terminals", "POST /api/kernels", "POST /api/terminals"];
      const asked = methods.map((each) => each.split(" ")).map(([method, path]) => fetch(at(path!), { method }));
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(methods.map(() => 403));
      expect(await socket(at("/api/events/subscribe"), {})).toBe(403);
      expect(await socket(at("/terminals/websocket/1"), {})).toBe(403);
      const wrong = await fetch(at(`/api/contents?token=${"0".repeat(64)}`));
      const right = await fetch(at(`/api/contents?token=${(await context.secrets()).token!}`));
      expect([wrong.status, right.status]).toEqual([403, 200]);
    });

    cluster.test("asks a browser that has signed in for a proof that the page is its own", async () => {
      const { at, cookies, xsrf } = await visit();
      const asked = [cookies, { ...cookies, "X-XSRFToken": "2|0|0|0" }, { ...cookies, "X-XSRFToken": xsrf }].map((headers) =>
        fetch(at("/api/contents"), { method: "POST", headers, body: '{"type":"file"}' }),
      );
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([403, 403, 201]);
    });

    cluster.test("refuses a request that comes from another site", async () => {
      const { at, cookies } = await visit();
      const own = await fetch(at("/api/contents"), { headers: cookies });
      const foreign = await fetch(at("/api/contents"), { headers: { ...cookies, ...elsewhere } });
      expect([own.status, foreign.status]).toEqual([200, 404]);
      expect(own.headers.get("Access-Control-Allow-Origin") ?? "").toBe("");
      expect(await socket(at("/api/events/subscribe"), cookies)).toBe(101);
      expect(await socket(at("/api/events/subscribe"), { ...cookies, ...elsewhere })).toBe(403);
    });
  });
}
