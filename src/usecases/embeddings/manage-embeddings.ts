import type { EmbeddingGeneration, GenerationCoverage } from "../../domain/embedding-generation.ts";
import { DomainError, type MetadataOf } from "../../domain/failure.ts";
import type { EmbeddingQueue, IndexCoverage } from "../../domain/ports/embedding-queue.ts";
import type { EmbedMissing, GenerationStore } from "../../domain/ports/generation-store.ts";
import { embedMissing } from "./embed-missing.ts";
import type { EmbeddingGenerations } from "./embedding-generations.ts";

export interface EmbeddingDeps {
  readonly generationStore: GenerationStore;
  readonly embeddingQueue: Pick<EmbeddingQueue, "indexing">;
  readonly generations: EmbeddingGenerations;
}

/** A generation as an operator sees it. */
export interface DescribedGeneration {
  readonly generation: EmbeddingGeneration;
  readonly coverage: GenerationCoverage;
  readonly indexing: IndexCoverage;
  /** This process can make its vectors. */
  readonly available: boolean;
  /** It is of the configured provider. */
  readonly configured: boolean;
}

export async function listEmbeddingGenerations(deps: EmbeddingDeps): Promise<readonly DescribedGeneration[]> {
  const described: DescribedGeneration[] = [];
  for (const generation of await deps.generationStore.list()) described.push(await describe(deps, generation));
  return described;
}

/** Null: the generation of the configured provider. */
export async function buildEmbeddingGeneration(
  deps: EmbeddingDeps,
  wanted: number | null,
): Promise<DescribedGeneration> {
  const id = wanted ?? (await deps.generations.ensureConfigured());
  if (id === null) throw forbidden("no embedding provider is configured", { generation: "0" });
  const generation = await find(deps, id);
  if (generation.state === "active") return describe(deps, generation);
  refuseUnavailable(deps, generation);
  if (generation.state === "dropping") throw ofGeneration(id, "is being dropped");
  if (!(await deps.generationStore.startBuild(id))) throw ofGeneration(id, "waits for a long write; try again");
  await deps.generations.refresh();
  return describe(deps, await find(deps, id));
}

/** `force`: whatever is missing becomes pending. */
export async function activateEmbeddingGeneration(
  deps: EmbeddingDeps,
  id: number,
  force: boolean,
): Promise<DescribedGeneration> {
  const generation = await find(deps, id);
  if (generation.state !== "active") {
    if (generation.state !== "building") throw ofGeneration(id, "is not being built");
    refuseUnavailable(deps, generation);
    const embed = force ? null : embedMissing(deps.generations.embeddingOf(generation));
    const isActive = await activate(deps, id, embed);
    if (!isActive) throw await incomplete(deps, id);
    await deps.generations.refresh();
  }
  return describe(deps, await find(deps, id));
}

export async function dropEmbeddingGeneration(deps: EmbeddingDeps, id: number): Promise<DescribedGeneration> {
  const generation = await find(deps, id);
  if (generation.state !== "dropping" && !(await deps.generationStore.startDrop(id))) {
    const now = await find(deps, id);
    throw ofGeneration(id, now.state === "active" ? "is the active one" : "waits for a long write; try again");
  }
  await deps.generations.refresh();
  return describe(deps, await find(deps, id));
}

/** A provider that is down leaves missing what is missing. */
async function activate(deps: EmbeddingDeps, id: number, embed: EmbedMissing | null): Promise<boolean> {
  try {
    return await deps.generationStore.activate(id, embed);
  } catch (error) {
    if (error instanceof DomainError && error.reason === "EMBEDDER_UNAVAILABLE") return false;
    throw error;
  }
}

async function find(deps: EmbeddingDeps, id: number): Promise<EmbeddingGeneration> {
  const generation = (await deps.generationStore.list()).find((one) => one.id === id);
  if (generation !== undefined) return generation;
  const metadata = { generation: String(id) };
  throw new DomainError("EMBEDDING_GENERATION_NOT_FOUND", `no generation ${id}`, metadata);
}

async function describe(deps: EmbeddingDeps, generation: EmbeddingGeneration): Promise<DescribedGeneration> {
  const { indexed, toIndex } = await deps.embeddingQueue.indexing(generation.id);
  const isIndexed = generation.state === "active" || generation.state === "building";
  return {
    indexing: { indexed, toIndex: isIndexed ? toIndex : 0 },
    generation,
    coverage: await deps.generationStore.coverage(generation.id),
    available: deps.generations.canMake(generation),
    configured: deps.generations.configured === generation.id,
  };
}

async function incomplete(deps: EmbeddingDeps, id: number): Promise<DomainError> {
  const { missing } = await deps.generationStore.coverage(id);
  const metadata = { generation: String(id), missing: String(missing) };
  return forbidden(`generation ${id} is not complete: ${missing} vectors are missing`, metadata);
}

function refuseUnavailable(deps: EmbeddingDeps, generation: EmbeddingGeneration): void {
  if (deps.generations.canMake(generation)) return;
  const { id, model } = generation;
  throw forbidden(`generation ${id} is of ${model}, which is not configured here`, { generation: String(id), model });
}

function ofGeneration(id: number, problem: string): DomainError {
  return forbidden(`generation ${id} ${problem}`, { generation: String(id) });
}

function forbidden(message: string, metadata: MetadataOf["STATE_FORBIDS"]): DomainError {
  return new DomainError("STATE_FORBIDS", message, metadata);
}
