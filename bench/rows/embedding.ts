import { builtInEmbedder } from "../../test/embedding/built-in-embedder.ts";
import { figure, median, type Row } from "../row.ts";
import { Writer } from "../seed/words.ts";

const FLOOR = 50_000;
const BATCH = 64;
/** A short text: a sentence of a dozen words. */
const WORDS = 12;

export const embedding: Row = {
  name: "embedding",
  claim: "texts a second through the built-in embedder, by the CPU time of this process",
  measure: async (scale) => {
    const writer = new Writer(11);
    const texts = Array.from({ length: scale.smoke ? 20_000 : 100_000 }, () => writer.text(writer.anyTopic(), WORDS));
    const embedder = builtInEmbedder;
    const rates: number[] = [];
    for (let turn = 0; turn < (scale.smoke ? 2 : 6); turn++) {
      const before = process.cpuUsage();
      for (let at = 0; at < texts.length; at += BATCH) {
        const vectors = await embedder.embed(texts.slice(at, at + BATCH), new AbortController().signal);
        if (vectors.some((vector) => vector?.length !== embedder.dimensions)) throw new Error("a text has no vector");
      }
      const { user, system } = process.cpuUsage(before);
      rates.push((texts.length * 1e6) / (user + system));
    }
    // The first turn compiles.
    const rate = median(rates.slice(1));
    return [
      {
        row: `embedding with ${embedder.model}, ${WORDS} words a text, one core`,
        ...{ measured: `${figure(rate)} /s`, baseline: "", ratio: "" },
        ...{ floor: `≥ ${figure(FLOOR)} /s`, held: rate >= FLOOR },
      },
    ];
  },
};
