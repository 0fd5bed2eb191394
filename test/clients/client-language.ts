/** A program to run; `cwd` is relative to the repository and defaults to it. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A client that plays the scenario. */
export interface ClientLanguage {
  /** As in `--only go`, and the row of the table. */
  readonly name: string;
  /** The protocols that the client has, such as `connect`, `grpc`, `grpc-web`; each is played in cleartext and over TLS. */
  readonly wires: readonly string[];
  /** Which of them the 1,000 early stops go through. */
  readonly stormWire: string;
  /** Makes the runner, in this order, from a machine that has only the toolchain. */
  readonly build: readonly Command[];
  /** Plays the plan whose file CAIRN_SCENARIO names, and writes one line of JSON a step to stdout. */
  readonly runner: Command;
  /** What a newcomer does; null where the same package is shown by another language already. */
  readonly stranger: Stranger | null;
}

/** The README's first example in an empty project, as a newcomer would try it. */
export interface Stranger {
  /** The page that has the example, relative to the repository. */
  readonly readme: string;
  /** Language of the code fence; the first fence of it is the example. */
  readonly fence: string;
  /** File that the example is put in, relative to the empty project. */
  readonly file: string;
  /** Files that such a project has besides, by name: a manifest that names the package's folder. */
  readonly files?: (repository: string) => Readonly<Record<string, string>>;
  /** Installs the package from its folder, in the empty project. */
  readonly install: (repository: string) => readonly Command[];
  /** Runs the example with CAIRN_URL and CAIRN_API_KEY set; it has to end with code 0 and print the memory that it wrote. */
  readonly run: Command;
}
