/** A conversation between people over several sessions, with questions about it. */
export interface Conversation {
  /** The file's name without its ending. */
  readonly name: string;
  /** In the order in which they were said. */
  readonly turns: readonly Turn[];
  readonly questions: readonly Question[];
  /** Questions of categories 1 to 4 that cannot be judged: no evidence of theirs names a turn. */
  readonly skipped: number;
  /** Pieces of evidence that name no turn; they are left out. */
  readonly unknownEvidence: number;
}

export interface Turn {
  readonly id: string;
  readonly speaker: string;
  /** What is remembered: `speaker: text`, and ` [shares caption]` where a picture was shown. */
  readonly content: string;
  /** Such as `session_3`. */
  readonly session: string;
  /** When the session was held, in the file's own words; empty: it does not say. */
  readonly date: string;
}

export interface Question {
  readonly text: string;
  /** 1 multi-hop, 2 temporal, 3 open-domain, 4 single-hop. */
  readonly category: number;
  /** Ids of the turns that answer it; at least one, none twice. */
  readonly evidence: readonly string[];
}
