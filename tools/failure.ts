/** Ends a command. The message is what the user reads; it is empty if the failed program has printed the reason itself. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
    this.name = "Failure";
  }
}
