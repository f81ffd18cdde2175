import { get } from "node:http";
import { text } from "node:stream/consumers";

import { secondsOf } from "../harness/clock";
import { spreadOf } from "../harness/statistics";

/** The fields of the master's `/json/` that are used here. */
export interface MasterState {
  readonly status: string;
  readonly aliveworkers: number;
  readonly coresused: number;
  readonly workers: readonly { readonly state: string }[];
  readonly activeapps: readonly { readonly id: string; readonly cores: number; readonly starttime: number }[];
}

/** Timeout of an answer in seconds. */
const patience = 60;

/** The master's pages, as a browser on this machine sees them. */
export class MasterPage {
  constructor(private readonly port: number) {}

  /** Undefined if the master does not respond. */
  async state(): Promise<MasterState | undefined> {
    try {
      return JSON.parse(await this.text("/json/")) as MasterState;
    } catch {
      return undefined;
    }
  }

  /** The number of an application's running executors, from its page. */
  async executorsRunning(application: string): Promise<number> {
    return (await this.text(`/app/?appId=${application}`)).split("<td>RUNNING</td>").length - 1;
  }

  /** The median time of five answers, and their size. */
  async takes(path: string): Promise<{ readonly seconds: number; readonly mb: number }> {
    const seconds: number[] = [];
    let last = "";
    for (let look = 0; look < 5; look++) {
      seconds.push(
        await secondsOf(async () => {
          last = await this.text(path);
        }),
      );
    }
    return { seconds: spreadOf(seconds).median, mb: Buffer.byteLength(last) / 1e6 };
  }

  /** Without fetch(), which may wait forever for an answer from a port whose container has just started. */
  private text(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { agent: false, signal: AbortSignal.timeout(patience * 1000) };
      const request = get(`http://127.0.0.1:${this.port}${path}`, options, (answer) => {
        if (answer.statusCode === 200) {
          text(answer).then(resolve, reject);
        } else {
          answer.destroy();
          reject(new Error(`${path}: ${answer.statusCode ?? "no answer"}`));
        }
      });
      request.on("error", reject);
    });
  }
}
