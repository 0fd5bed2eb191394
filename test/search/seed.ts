import { randomUUID } from "node:crypto";
import { searchedText } from "../../src/domain/searched-text.ts";
import { asOperator, inWorkspace } from "../../src/storage/engine/session.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { createUuidV7Source } from "../../src/system/uuid-v7.ts";
import { builtInEmbedder } from "../embeddings/built-in-embedder.ts";

export interface SeedMemory {
  readonly id?: string;
  readonly content: string;
  readonly title?: string;
  readonly metadata?: Readonly<Record<string, never>> | object;
  readonly agentId?: string | null;
  readonly visibility?: "private" | "shared";
  readonly kind?: string;
  /** Default `self`. */
  readonly subjectType?: string;
  readonly subjectId?: string;
  readonly sourceKind?: string;
  readonly sourceId?: string;
  readonly confidence?: number;
  readonly updateTime?: Date;
  /** Default `english`. */
  readonly language?: string;
  readonly tags?: readonly string[];
  readonly expireTime?: Date | null;
  readonly deleteTime?: Date | null;
  /** False: no vector, and embedding_status pending. Default true. */
  readonly embedded?: boolean;
  readonly vector?: readonly number[] | Float32Array;
}

export const never = new AbortController().signal;
const ids = createUuidV7Source({ now: () => Date.now() });

/** A workspace of its own. */
export async function makeWorkspace(storage: Storage): Promise<string> {
  const id = randomUUID();
  const text = "insert into workspace (id, handle) values ($1::uuid, $2)";
  await storage.session.run(asOperator, { name: null, text }, [id, `w-${id}`], null);
  return id;
}

/** Writes rows straight into the tables, as the application's role; answers their ids in order. */
export async function seed(
  storage: Storage,
  workspaceId: string,
  memories: readonly SeedMemory[],
  generation = 1,
): Promise<string[]> {
  const rows = memories.map((memory) => ({ ...memory, id: memory.id ?? ids.next() }));
  for (let at = 0; at < rows.length; at += 500)
    await insert(storage, workspaceId, rows.slice(at, at + 500), generation);
  return rows.map((row) => row.id);
}

type Identified = SeedMemory & { readonly id: string };

async function insert(storage: Storage, workspaceId: string, rows: readonly Identified[], generation: number) {
  const texts = rows.map((row) => searchedText({ title: "", metadata: {}, ...row } as never));
  const made = await builtInEmbedder.embed(texts, never);
  const json = rows.map((row, i) => {
    const vector = row.embedded === false ? null : (row.vector ?? made[i] ?? null);
    return { ...row, vector: vector === null ? null : `[${[...vector].join(",")}]` };
  });
  const scope = inWorkspace(workspaceId);
  await storage.session.transaction(scope, null, async (tx) => {
    await tx.query({ name: "seed_memory", text: MEMORIES }, [workspaceId, JSON.stringify(json)]);
    await tx.query({ name: "seed_tag", text: TAGS }, [workspaceId, JSON.stringify(json)]);
    await tx.query({ name: "seed_vector", text: VECTORS }, [workspaceId, JSON.stringify(json), generation]);
  });
}

const MEMORIES = `insert into memory (workspace_id, id, agent_id, subject_type, subject_id, source_kind, source_id, confidence, kind, title, content, metadata, visibility, tags,
    expire_time, delete_time, language, embedding_status, create_time, update_time)
  select $1::uuid, (r->>'id')::uuid, (r->>'agentId')::uuid, coalesce(r->>'subjectType', 'self'), r->>'subjectId',
    r->>'sourceKind', r->>'sourceId', coalesce((r->>'confidence')::float8, 1), coalesce(r->>'kind', 'note'), coalesce(r->>'title', ''),
    r->>'content', coalesce(r->'metadata', '{}'), case r->>'visibility' when 'private' then 1 else 2 end,
    coalesce((select array_agg(t) from jsonb_array_elements_text(r->'tags') t), '{}'),
    (r->>'expireTime')::timestamptz, (r->>'deleteTime')::timestamptz,
    coalesce(r->>'language', 'english')::regconfig, case when r->>'vector' is null then 2 else 1 end, now(),
    coalesce((r->>'updateTime')::timestamptz, now())
  from jsonb_array_elements($2::jsonb) r`;
const TAGS = `insert into memory_tag (workspace_id, memory_id, tag)
  select $1::uuid, (r->>'id')::uuid, t from jsonb_array_elements($2::jsonb) r, jsonb_array_elements_text(r->'tags') t`;
const VECTORS = `insert into memory_embedding (workspace_id, memory_id, generation, content_revision, embedding)
  select $1::uuid, (r->>'id')::uuid, $3::smallint, 1, (r->>'vector')::halfvec
  from jsonb_array_elements($2::jsonb) r where r->>'vector' is not null`;
