/**
 * What a model of single tokens says about words and texts. It ranks by the side of every embedding provider, and of none:
 * it makes no vectors that are stored, needs no statistics of a collection, and answers the same on every machine.
 */
export interface TokenModel {
  /**
   * How much it tells that a text has this word: −ln of the probability of its rarest piece in ordinary language, 0 to about
   * 17. 12 where the model has no piece of it, such as for an emoji. Any spelling is taken, stems and lexemes too.
   */
  weightOf(word: string): number;
  /**
   * How well each text answers the query's tokens one by one, in the order of the texts: the mean over the query's distinct
   * tokens of the greatest cosine to a token of the text, weighted by how much a token tells (MaxSim). −1 to 1, in practice 0
   * to 1; 1 where the text has every token. Null where text or query has no token that the model knows. Reads the first 256
   * tokens of a text, and the 64 weightiest of a query.
   */
  lateInteraction(query: string, texts: readonly string[]): readonly (number | null)[];
}
