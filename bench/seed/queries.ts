import type { Client } from "pg";
import { builtInEmbedder } from "../../test/embeddings/built-in-embedder.ts";
import type { Tenant } from "./tenants.ts";
import type { Writer } from "./words.ts";

export interface TenantQueries {
  readonly tenant: Tenant;
  readonly texts: readonly string[];
  readonly vectors: readonly Float32Array[];
}

/** Queries as an agent would ask: a few words of a memory that the tenant has, in no order, and one that it has not. */
export async function queriesOf(admin: Client, tenant: Tenant, writer: Writer, count: number): Promise<TenantQueries> {
  const { rows } = await admin.query(
    "select content from memory where workspace_id = $1 and delete_time is null order by md5(id::text) limit $2",
    [tenant.workspaceId, count],
  );
  const texts = Array.from({ length: count }, (_, at) => {
    const words: string[] = rows[at % rows.length].content.split(" ");
    const chosen = Array.from({ length: 5 }, () => words[writer.between(0, words.length - 1)] as string);
    return [...new Set(chosen), writer.text(writer.anyTopic(), 1)].join(" ");
  });
  const vectors = await builtInEmbedder.embed(texts, new AbortController().signal);
  return { tenant, texts, vectors: vectors as Float32Array[] };
}
