/** How many tokens of a language model a text costs. */
export interface TokenCounter {
  /** The same text always costs the same. May give way to other work before it answers. */
  count(text: string): Promise<TokenCount>;
}

export interface TokenCount {
  readonly tokens: number;
  /** False: an estimate. */
  readonly exact: boolean;
}
