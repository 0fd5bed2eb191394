import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { loadShippedModel } from "../../src/embedding/static/shipped-model.ts";
import { staticEmbedder } from "../../src/embedding/static/static-embedder.ts";
import type { StaticModel } from "../../src/embedding/static/static-model.ts";
import { staticTokenModel } from "../../src/embedding/static/static-token-model.ts";
import { figure, type Measurement, median, type Row, type Scale } from "../row.ts";
import { Writer } from "../seed/words.ts";

const FLOOR = 50_000;
const BATCH = 64;
/** A short text: a sentence of a dozen words. */
const WORDS = 12;
const CANDIDATES = 100;
/** A turn of a conversation has some 36 tokens. */
const CANDIDATE_WORDS = 36;
const QUERY_WORDS = 8;
const RERANK_CEILING_MS = 1.5;
const LOAD_CEILING_MS = 100;
const LOAD_CEILING_MB = 40;
const LOADS = 5;

export const embedding: Row = {
  name: "embedding",
  claim: "the built-in embedder: texts a second by the CPU time of this process, reranking, loading",
  measure: async (scale) => {
    const model = await loadShippedModel();
    return [await embeddingRate(model, scale), rerankingTime(model, scale), ...loading()];
  },
};

async function embeddingRate(model: StaticModel, scale: Scale): Promise<Measurement> {
  const writer = new Writer(11);
  const texts = Array.from({ length: scale.smoke ? 20_000 : 100_000 }, () => writer.text(writer.anyTopic(), WORDS));
  const embedder = staticEmbedder(model);
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
  return {
    row: `embedding with ${embedder.model}, ${WORDS} words a text, one core`,
    ...{ measured: `${figure(rate)} /s`, baseline: "", ratio: "" },
    ...{ floor: `≥ ${figure(FLOOR)} /s`, held: rate >= FLOOR },
  };
}

function rerankingTime(model: StaticModel, scale: Scale): Measurement {
  const writer = new Writer(12);
  const texts = Array.from({ length: 5000 }, () => writer.text(writer.anyTopic(), CANDIDATE_WORDS));
  const tokens = staticTokenModel(model);
  const times: number[] = [];
  for (let turn = 0; turn < (scale.smoke ? 300 : 3000); turn++) {
    // A database's strings are new ones every time, so that nothing is remembered by their identity.
    const candidates = Array.from({ length: CANDIDATES }, (_, i) =>
      Buffer.from(texts[(turn * 7919 + i * 131) % texts.length] as string).toString(),
    );
    const query = writer.text(turn, QUERY_WORDS);
    const began = performance.now();
    const scores = tokens.lateInteraction(query, candidates);
    times.push(performance.now() - began);
    if (scores.some((score) => score === null)) throw new Error("a text has no score");
  }
  const time = median(times.slice(times.length >> 1));
  return {
    row: `late interaction of ${CANDIDATES} candidates of ${CANDIDATE_WORDS} words, p50`,
    ...{ measured: `${figure(time)} ms`, baseline: "", ratio: "" },
    ...{ floor: `≤ ${RERANK_CEILING_MS} ms`, held: time <= RERANK_CEILING_MS },
  };
}

function loading(): readonly Measurement[] {
  const script = fileURLToPath(new URL("../load/load-model.ts", import.meta.url));
  const loads: readonly { milliseconds: number; megabytes: number }[] = Array.from({ length: LOADS }, () =>
    JSON.parse(execFileSync(process.execPath, [script], { encoding: "utf8" })),
  );
  const milliseconds = median(loads.map((load) => load.milliseconds));
  const megabytes = median(loads.map((load) => load.megabytes));
  const none = { baseline: "", ratio: "" };
  return [
    {
      row: "loading the built-in model",
      ...{ measured: `${figure(milliseconds)} ms`, ...none },
      ...{ floor: `≤ ${LOAD_CEILING_MS} ms`, held: milliseconds <= LOAD_CEILING_MS },
    },
    {
      row: "resident memory of the built-in model",
      ...{ measured: `${figure(megabytes)} MB`, ...none },
      ...{ floor: `≤ ${LOAD_CEILING_MB} MB`, held: megabytes <= LOAD_CEILING_MB, certain: true },
    },
  ];
}
