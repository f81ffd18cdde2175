const wholeTraces = "PULUMI_DEBUG_PROMISE_LEAKS";

/**
 * Runs `make` without stack traces. The SDK records one for each input of each resource, for its report of leaked promises; with
 * thousands of resources, that takes half of the time. PULUMI_DEBUG_PROMISE_LEAKS enables traces; an error without one names it.
 */
export function withoutTraces<T>(make: () => T): T {
  if (process.env[wholeTraces] !== undefined) {
    return make();
  }
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } catch (error) {
    if (error instanceof Error && !/^ {4}at /m.test(error.stack ?? "")) {
      error.stack = `${String(error)}\n    (${wholeTraces}=true tells where)`;
    }
    throw error;
  } finally {
    Error.stackTraceLimit = limit;
  }
}
