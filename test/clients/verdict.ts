import type { Played } from "./play.ts";

/** Steps of the scenario. */
export const STEPS = 31;

/** One row of the table: a wire of a language, and how each step went. */
export interface Row {
  readonly language: string;
  /** Such as `grpc, TLS`. */
  readonly wire: string;
  /** One a step: true, or what was wrong. */
  readonly steps: readonly (true | string)[];
}

/** Holds what a runner wrote against what it had to write: each step of each run once, none left out. */
export function rowsOf(language: string, played: Played): readonly Row[] {
  return played.runs.map((run, index) => {
    const steps = Array.from({ length: STEPS }, (_, at) => {
      const lines = played.steps.filter((line) => line.run === index && line.step === at + 1);
      if (lines.length !== 1) return lines.length === 0 ? "was not played" : "was played more than once";
      const [line] = lines;
      return line?.ok === true ? true : line?.detail || "failed without a word";
    });
    return { language, wire: run.tls ? `${run.wire}, TLS` : run.wire, steps };
  });
}

/** What is wrong with the storm; empty: nothing. */
export function stormFaults(played: Played, wanted: number): readonly string[] {
  const { storm } = played;
  if (storm === null) return ["the storm was not played"];
  if (storm.storm !== wanted) return [`${storm.storm} searches were stopped, not ${wanted}`];
  return storm.ok ? [] : [`the storm failed: ${storm.detail ?? ""}`];
}
