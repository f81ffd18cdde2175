/** The engine that a stack names is not one that can run it. The message says what to do. */
export class UnusableEngine extends Error {}
