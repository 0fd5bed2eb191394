import { SearchMode } from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import { UsageError } from "../command.ts";

/** One way to ask all questions. */
export interface Variant {
  readonly mode: ModeName;
  /** False: the terms of a score that know of conversations are switched off, and the text alone ranks. */
  readonly context: boolean;
}

export type ModeName = keyof typeof MODES;

const MODES = {
  lexical: SearchMode.LEXICAL,
  semantic: SearchMode.SEMANTIC,
  hybrid: SearchMode.HYBRID,
} as const;

/** Every combination of two comma-separated lists. Terms about conversations act in HYBRID alone, so the others have no `on`. */
export function variantsOf(modes: string, contexts: string): readonly Variant[] {
  const wanted = wordsOf(contexts, ["off", "on"], "--context");
  return wordsOf(modes, Object.keys(MODES) as ModeName[], "--mode").flatMap((mode) =>
    wanted
      .filter((context) => mode === "hybrid" || context === "off" || !wanted.includes("off"))
      .map((context) => ({ mode, context: context === "on" })),
  );
}

/** What a search says for it; a request that says nothing of ranking has the terms as they come. */
export function requestOf({ mode, context }: Variant) {
  const textAlone = { previousWeight: 0, participantWeight: 0, questionPenalty: 0, sourceWeight: 0 };
  return { mode: MODES[mode], ...(context ? {} : { ranking: textAlone }) };
}

export function variantName({ mode, context }: Variant): string {
  return `${mode}, context ${context ? "on" : "off"}`;
}

function wordsOf<T extends string>(list: string, known: readonly T[], option: string): readonly T[] {
  const words = list.split(",").map((word) => word.trim());
  const unknown = words.find((word) => !known.includes(word as T));
  if (unknown !== undefined) {
    throw new UsageError(`${option} ${list}: "${unknown}" is none of ${known.join(", ")}`);
  }
  return known.filter((word) => words.includes(word));
}
