import type { TokenModel } from "../../domain/ports/token-model.ts";
import type { StaticModel } from "./static-model.ts";
import { cachingTokens } from "./token-cache.ts";
import { MOST_QUERY_IDS, tokenDots } from "./token-dots.ts";

/** Tokens of a text that take part. */
const MOST_TEXT_TOKENS = 256;
/** The weight of a word that no token of the model stands for. */
const UNKNOWN_WEIGHT = 12;

/** Word weights and late interaction by the static model's token vectors. */
export function staticTokenModel(model: StaticModel): TokenModel {
  const { tokenizer, counts } = model;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const weights = Float64Array.from(counts, (count) => Math.max(0, Math.log(total / (count + 0.5))));
  return {
    weightOf(word) {
      let weight = Number.NEGATIVE_INFINITY;
      for (const id of tokenizer.idsOf(word))
        if (id !== tokenizer.unknownId) weight = Math.max(weight, weights[id] as number);
      return weight < 0 ? UNKNOWN_WEIGHT : weight;
    },
    lateInteraction: lateInteraction(model),
  };
}

function lateInteraction(model: StaticModel): TokenModel["lateInteraction"] {
  const { tokenizer } = model;
  const dots = tokenDots(model);
  const norms = rowNorms(model);
  const isKnown = (id: number) => id !== tokenizer.unknownId && norms.of(id) > 0;
  const tokensOf = cachingTokens((text) => tokenizer.idsOf(text, MOST_TEXT_TOKENS).filter(isKnown));
  const gather = tokenGatherer(model.scales.length);
  return (query, texts) => {
    const queryTokens = new Set(tokenizer.idsOf(query).filter(isKnown));
    const asked = weightiest(Int32Array.from(queryTokens), (id) => norms.weightOf(id));
    if (asked.length === 0) return texts.map(() => null);
    const { distinct, slots } = gather(texts.map(tokensOf));
    const products = new Int32Array(distinct.length * asked.length);
    dots(asked, distinct, products);
    const scales = new Float64Array(distinct.length);
    for (let slot = 0; slot < scales.length; slot++) scales[slot] = 1 / norms.of(distinct[slot] as number);
    // The query's own norms are constant over the texts, so they divide the weights instead of every cosine.
    const weights = Float64Array.from(asked, (id) => norms.weightOf(id));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const shares = weights.map((weight, q) => weight / (total * norms.of(asked[q] as number)));
    return slots.map((of) => (of.length === 0 ? null : Math.min(1, bestMatches(of, products, scales, shares))));
  };
}

/** Σ over the query's tokens of their share times their best cosine among the text's tokens. */
function bestMatches(
  slots: readonly number[],
  products: Int32Array,
  scales: Float64Array,
  shares: Float64Array,
): number {
  const best = new Float64Array(shares.length).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] as number;
    const scale = scales[slot] as number;
    const row = slot * shares.length;
    for (let q = 0; q < shares.length; q++) {
      const cosine = (products[row + q] as number) * scale;
      if (cosine > (best[q] as number)) best[q] = cosine;
    }
  }
  let sum = 0;
  for (let q = 0; q < shares.length; q++) sum += (shares[q] as number) * (best[q] as number);
  return sum;
}

/** The ids that weigh most, as many as one call of the kernel takes. */
function weightiest(ids: Int32Array, weightOf: (id: number) => number): Int32Array {
  if (ids.length <= MOST_QUERY_IDS) return ids;
  const byWeight = [...ids].sort((a, b) => weightOf(b) - weightOf(a) || a - b);
  return Int32Array.from(byWeight.slice(0, MOST_QUERY_IDS));
}

interface Gathered {
  readonly distinct: Int32Array;
  /** For each text the positions of its tokens in `distinct`. */
  readonly slots: readonly (readonly number[])[];
}

/** Numbers the distinct tokens of several texts, so that what they share is computed once. */
function tokenGatherer(size: number): (texts: readonly (readonly number[])[]) => Gathered {
  const slotOf = new Int32Array(size);
  return (texts) => {
    const distinct: number[] = [];
    const slots = texts.map((ids) => {
      const of: number[] = new Array(ids.length);
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i] as number;
        let slot = slotOf[id] as number;
        if (slot === 0) {
          slot = distinct.push(id);
          slotOf[id] = slot;
        }
        of[i] = slot - 1;
      }
      return of;
    });
    for (const id of distinct) slotOf[id] = 0;
    return { distinct: new Int32Array(distinct), slots };
  };
}

/** Lengths of the rows as integers, each computed when it is first asked for. */
function rowNorms({ rows, scales, dimensions }: StaticModel) {
  const known = new Float64Array(scales.length).fill(-1);
  const of = (id: number): number => {
    const norm = known[id] as number;
    if (norm >= 0) return norm;
    const row = rows.subarray(id * dimensions, (id + 1) * dimensions);
    const computed = (scales[id] as number) === 0 ? 0 : Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    known[id] = computed;
    return computed;
  };
  return { of, weightOf: (id: number): number => of(id) * (scales[id] as number) };
}
