/**
 * Makes resources with short traces. The SDK takes one of each input of each resource, for its report of promises that nobody waited for
 * (PULUMI_DEBUG_PROMISE_LEAKS, which leaves them whole); for thousands of resources, that is half of the time.
 */
export function withShortTraces<T>(make: () => T): T {
  const limit = Error.stackTraceLimit;
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS === undefined) {
    Error.stackTraceLimit = 2; // an error still says where it was thrown
  }
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
