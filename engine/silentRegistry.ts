import * as https from "https";

/** Milliseconds until the registry is asked, and in which it has to answer. */
const patience = 20_000;

/**
 * Runs a pull or push, and ends it if its registry accepted two connections in a row without answering either within `milliseconds`.
 * Podman 4.3 waits for more than eight minutes. Registries that only the engine can reach, through its proxy, are not detected.
 *
 * @param run Ends when its signal is aborted.
 * @param isFromHere Whether this machine does the pull or push. It is asked only if the registry does not answer this machine.
 * @throws an Error if the registry did not answer, otherwise what `run` throws.
 */
export async function whileAnswered<T>(
  host: string,
  run: (signal: AbortSignal) => Promise<T>,
  isFromHere: () => boolean,
  milliseconds: number = patience,
): Promise<T> {
  const ending = new AbortController();
  const ended = new AbortController();
  const look = async () => {
    const isSilentOnce = () => isSilent(host, milliseconds, ended.signal);
    if ((await isSilentOnce()) && (await isSilentOnce()) && isFromHere()) {
      ending.abort();
    }
  };
  const timer = setTimeout(() => void look(), milliseconds);
  try {
    return await run(ending.signal);
  } catch (error) {
    if (ending.signal.aborted) {
      throw new Error(`It accepts connections, and did not answer, twice within ${milliseconds / 1000} s.`, { cause: error });
    }
    throw error;
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

/** Whether a server accepts a connection and then sends nothing. */
function isSilent(host: string, milliseconds: number, ended: AbortSignal): Promise<boolean> {
  const late = AbortSignal.timeout(milliseconds);
  return new Promise((resolve) => {
    let isConnected = false;
    // Any certificate is an answer. The engine's client checks it.
    const request = https.get(`https://${host}/v2/`, { rejectUnauthorized: false, agent: false, signal: late });
    ended.addEventListener("abort", () => request.destroy());
    request.on("socket", (socket) =>
      socket.on("connect", () => {
        isConnected = true;
      }),
    );
    request.on("response", () => {
      resolve(false);
      request.destroy();
    });
    request.on("error", () => {
      resolve(isConnected && late.aborted);
    });
  });
}
