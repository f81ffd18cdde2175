const wholeTraces = "PULUMI_DEBUG_PROMISE_LEAKS";

/**
 * Makes resources without stack traces. The SDK takes one of each input of each resource, for its report of promises that nobody waited
 * for; for thousands of resources, that is half of the time. With PULUMI_DEBUG_PROMISE_LEAKS all have theirs, and an error that has
 * none says so.
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
