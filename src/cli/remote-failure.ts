/** A server that refused a command, or does not answer: one line, exit code 1. */
export class RemoteFailure extends Error {
  override readonly name = "RemoteFailure";
}
