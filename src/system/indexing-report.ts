import type { Logger } from "pino";
import type { CallMetrics } from "./call-metrics.ts";

/** One line where indexing begins and one where it ends. */
export function indexingLines(log: Logger) {
  return {
    began: (generation: number, toIndex: number) =>
      log.info({ generation, toIndex }, "indexing vectors of large workspaces"),
    ended: (generation: number, indexed: number, ms: number) =>
      log.info({ generation, indexed, durationMs: Math.round(ms) }, "vectors of large workspaces are indexed"),
  };
}

export function indexingMetrics(metrics: CallMetrics, of: { readonly indexed: number; readonly toIndex: number }) {
  metrics.counter("cairn_vectors_indexed_total", "Vectors that this process moved into an index.", () => of.indexed);
  metrics.gauge(
    "cairn_vectors_to_index",
    "Vectors that this process is still to move into an index.",
    () => of.toIndex,
  );
}
