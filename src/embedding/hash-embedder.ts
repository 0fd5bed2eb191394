import type { Embedder } from "../domain/ports/embedder.ts";
import { weightOfWord } from "./word-weight.ts";

const DIMENSIONS = 256;
const GRAM_SHARE = 1.5;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** Kept apart from the words, so that a gram and a word of the same letters fall on different dimensions. */
const GRAM_SEED = 0x9e3779b9;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const NOT_ASCII = /[\u0080-\uffff]/;
const ASCII_WORD = /[a-z0-9]+/g;
/** Scripts that write no spaces between words, where a run is cut into pairs. */
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const CACHED_WORDS = 20_000;
const CACHED_LENGTH = 40;

/** A word's features: dimensions, of which there are as many as a byte can tell, and their signed weights. */
interface Features {
  readonly dimensions: Uint8Array;
  readonly weights: Float32Array;
}

/**
 * Signed feature hashing of words and their character 3- and 4-grams into 256 dimensions: no model, no network, the same
 * vector everywhere. Knows spelling, not meaning. A text without a letter or digit has no vector.
 */
export function hashEmbedder(): Embedder {
  const cache = new Map<string, Features>();
  return {
    model: "hash-256",
    dimensions: DIMENSIONS,
    local: true,
    embed(texts, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      return Promise.resolve(texts.map((text) => embedText(text, cache)));
    },
  };
}

function embedText(text: string, cache: Map<string, Features>): Float32Array | null {
  const words = wordsOf(text);
  if (words === null) return null;
  const vector = new Float32Array(DIMENSIONS);
  for (const word of words) {
    const { dimensions, weights } = cachedFeatures(word, cache);
    for (let i = 0; i < dimensions.length; i++) {
      const dimension = dimensions[i] as number;
      vector[dimension] = (vector[dimension] as number) + (weights[i] as number);
    }
  }
  return toUnitLength(vector);
}

function wordsOf(text: string): string[] | null {
  // Most texts are ASCII, where the plain classes find the same words several times faster.
  if (!NOT_ASCII.test(text)) return text.toLowerCase().match(ASCII_WORD);
  return text.normalize("NFKC").toLowerCase().match(WORD);
}

function cachedFeatures(word: string, cache: Map<string, Features>): Features {
  const known = cache.get(word);
  if (known !== undefined) return known;
  const features = featuresOf(word);
  if (word.length > CACHED_LENGTH) return features;
  // Emptied as a whole: the frequent words are back at once, and no bookkeeping is paid a word.
  if (cache.size >= CACHED_WORDS) cache.clear();
  cache.set(word, features);
  return features;
}

function featuresOf(word: string): Features {
  const weight = weightOfWord(word);
  const unspaced = UNSPACED.test(word);
  const text = unspaced ? word : `\u0002${word}\u0002`;
  const sizes = unspaced ? [1, 2] : [3, 4];
  const grams = sizes.reduce((sum, size) => sum + Math.max(0, text.length - size + 1), 0);
  const features = { dimensions: new Uint8Array(grams + 1), weights: new Float32Array(grams + 1) };
  place(features, 0, hash(word, 0, word.length, FNV_OFFSET), weight);
  const share = (GRAM_SHARE * weight) / Math.sqrt(grams || 1);
  let slot = 1;
  for (const size of sizes) {
    for (let at = 0; at + size <= text.length; at++)
      place(features, slot++, hash(text, at, at + size, GRAM_SEED), share);
  }
  return features;
}

function place(features: Features, slot: number, hashed: number, weight: number): void {
  features.dimensions[slot] = hashed & (DIMENSIONS - 1);
  features.weights[slot] = (hashed & DIMENSIONS) === 0 ? weight : -weight;
}

/** FNV-1a over the code units, then murmur's finaliser, as FNV's low bits alone are poorly mixed. */
function hash(text: string, from: number, to: number, seed: number): number {
  let h = seed;
  for (let i = from; i < to; i++) h = Math.imul(h ^ text.charCodeAt(i), FNV_PRIME);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function toUnitLength(vector: Float32Array): Float32Array | null {
  let sum = 0;
  for (let i = 0; i < DIMENSIONS; i++) sum += (vector[i] as number) * (vector[i] as number);
  if (sum === 0) return null;
  const scale = 1 / Math.sqrt(sum);
  for (let i = 0; i < DIMENSIONS; i++) vector[i] = (vector[i] as number) * scale;
  return vector;
}
