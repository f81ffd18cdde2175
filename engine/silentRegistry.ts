import * as https from "https";

/** Milliseconds until a run is looked at, and in which a registry has to answer. */
const patience = 20_000;

/**
 * Runs a pull or push, and ends it if its registry accepts connections but has not answered twice within `milliseconds`. Podman
 * 4.3 waits for more than eight minutes.
 *
 * @param run Ends when its signal is aborted.
 * @throws an Error if the registry did not answer, otherwise what `run` throws.
 */
export async function whileAnswered<T>(
  host: string,
  run: (signal: AbortSignal) => Promise<T>,
  milliseconds: number = patience,
): Promise<T> {
  const ending = new AbortController();
  const look = async () => {
    if ((await isSilent(host, milliseconds)) && (await isSilent(host, milliseconds))) {
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
  }
}

/** Whether a server accepts a connection and then sends nothing. Not one that only the engine can reach, through a proxy of its own. */
function isSilent(host: string, milliseconds: number): Promise<boolean> {
  const late = AbortSignal.timeout(milliseconds);
  return new Promise((resolve) => {
    let isConnected = false;
    // Any certificate is an answer. The engine's client checks it.
    const request = https.get(`https://${host}/v2/`, { rejectUnauthorized: false, agent: false, signal: late });
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
