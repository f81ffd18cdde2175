import { X509Certificate } from "node:crypto";
import { IncomingMessage } from "node:http";
import { request } from "node:https";
import { connect } from "node:tls";

/** The certificate that a server shows, trusted or not. */
export function certificateAt(url: string): Promise<X509Certificate> {
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

/** The answer over https, without its body. Only a server that shows the certificate `ca` is trusted. */
export function answerOf(url: string, ca: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca, headers, agent: false, timeout: 100_000 }, (answer) => {
      answer.resume();
      resolve(answer);
    });
    asked.once("error", reject);
    asked.once("timeout", () => asked.destroy(new Error("no answer")));
    asked.end();
  });
}

export const statusOf = async (...asked: Parameters<typeof answerOf>) => (await answerOf(...asked)).statusCode;
