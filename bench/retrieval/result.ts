import type { Measures } from "../../src/cli/eval/measures.ts";

/** What one method came to on one collection of conversations. */
export interface Result {
  /** Such as `hybrid, with the conversation`. */
  readonly method: string;
  /** How it was measured: the command, without what only this machine has. */
  readonly command: string;
  readonly measures: Pick<Measures, "recall" | "mrr" | "ndcg10">;
}

/** Everything measured on one collection. */
export interface CollectionResults {
  readonly name: string;
  readonly conversations: number;
  readonly memories: number;
  readonly questions: number;
  /** Of the static model, the one that Cairn comes with. */
  readonly generation: string;
  readonly results: readonly Result[];
}
