import * as childProcess from "child_process";

/** How long a question to the engine may take, in milliseconds. */
const patience = 20_000;

/** The engine that a stack lives on: Pulumi's `docker:host`, else DOCKER_HOST, else Docker's own default. */
export function engineHost(configured: string | undefined): string {
  const set = [configured, process.env.DOCKER_HOST].find((host) => host !== undefined && host !== "");
  return set ?? "unix:///var/run/docker.sock";
}

/**
 * Runs the docker client against an engine and returns what it printed. The client, not a library: it goes the same way over
 * ssh, with the person's own ssh settings, as the provider does.
 *
 * @throws an Error with the client's last words.
 */
export function docker(host: string, ...args: string[]): string {
  return childProcess.execFileSync("docker", ["--host", host, ...args], {
    encoding: "utf8",
    timeout: patience,
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** What a container wrote last, both of its streams. */
export function lastLogLines(host: string, container: string, count: number): string {
  const args = ["--host", host, "logs", "--tail", String(count), container];
  const { stdout, stderr } = childProcess.spawnSync("docker", args, { encoding: "utf8", timeout: patience });
  return [stdout, stderr].join("").trimEnd(); // null, not text, where there is no client
}
