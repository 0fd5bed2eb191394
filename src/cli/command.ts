/** What a command sees of the process that runs it. */
export interface CommandIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** `err` goes to a terminal, which can draw a line anew. Default false. */
  readonly errIsTerminal?: boolean;
  /** Resolves at the first SIGTERM or SIGINT. */
  readonly terminated: Promise<string>;
}

export interface Command {
  /** Words that call it, such as `keys create`. */
  readonly name: string;
  readonly summary: string;
  /** Everything behind the name, for `--help`. */
  readonly help: string;
  /** Answers the exit code. */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** Wrong words on the command line: told with a pointer to --help, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
