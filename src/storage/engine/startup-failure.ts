/** Why storage cannot be opened: one clear line, or the SQL that an administrator runs. Its message is for the operator. */
export class StartupFailure extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "StartupFailure";
  }
}
