/**
 * `building`: filled beside the active one, writes included. `active`: what search reads. `retired`: kept and no longer filled.
 * `dropping`: its vectors are being erased.
 */
export type GenerationState = "building" | "active" | "retired" | "dropping";

/** The vectors of one model at one dimension. */
export interface EmbeddingGeneration {
  /** 1, 2, …; a model that was dropped gets its number back. */
  readonly id: number;
  /** As `Embedder.model`. */
  readonly model: string;
  readonly dimensions: number;
  readonly state: GenerationState;
  readonly createTime: Date;
  /** Last made active; null: never. */
  readonly activateTime: Date | null;
  /** Last replaced by another; null: never, or it is active again. */
  readonly retireTime: Date | null;
}

/** How far a generation covers the memories that are not deleted. */
export interface GenerationCoverage {
  readonly memories: number;
  /** With a vector of their present text. */
  readonly attached: number;
  /** Still to come. */
  readonly missing: number;
  /** Refused by the provider again and again; 0 where the generation is not being built. */
  readonly failed: number;
  /** Whose text has nothing that the model knows; 0 where the generation is not being built. */
  readonly disabled: number;
}
