/** One thing that `npm run generate` makes: the server's own code, a document, or one language's client. */
export interface Target {
  /** As in `--only go`. */
  readonly name: string;
  /** Folders, relative to the repository, that generation owns whole and empties first. */
  readonly folders: readonly string[];
  /** True where npm's own packages suffice, so that `npm run check` can afford it. */
  readonly instant: boolean;
  /**
   * Makes the plugins present below `.cache/generation`, at their pinned versions; downloads only what is missing, and answers
   * at once where nothing is.
   *
   * @throws Error that names the toolchain that is missing, or repeats what it said.
   */
  install(): Promise<void>;
  /** Generates into `base` (the repository itself, or a folder to compare with), with no network. */
  generate(base: string): Promise<void>;
}
