import { DomainError } from "../../domain/failure.ts";
import type { EmbeddingStatus, Outcome, Written } from "../../domain/memory.ts";
import type { Mutation, RequestKey } from "../../domain/ports/memory-store.ts";
import { arrayLiteral } from "../engine/array-literal.ts";
import type { Row, Statement, Transaction } from "../engine/session.ts";
import type { Tenancy } from "../engine/tenancy.ts";
import { EMBEDDING_STATUS } from "./codes.ts";
import { memoryOfRevision } from "./memory-row.ts";

/** One item of a stored answer: where its memory is found again, or why it failed. No content. */
type StoredResult =
  | {
      readonly id: string;
      readonly revision: number;
      readonly outcome: Outcome;
      readonly status: string;
      /** Of what was UNCHANGED: no revision says it. */
      readonly updateTime?: string;
    }
  | { readonly reason: string; readonly message: string; readonly metadata: Record<string, string> };

export interface Replay {
  readonly results: readonly (Written | DomainError)[];
  readonly deltaId: string;
}

const LOCK: Statement = {
  name: "request_lock",
  text: `select pg_try_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text || ' ' || $3::text, 0)) as locked`,
};

const STATUS_NAMES = Object.keys(EMBEDDING_STATUS) as EmbeddingStatus[];

/** Answers of mutations that carried a request_id, kept for 24 hours and rebuilt from the revisions. */
export class RequestLog {
  readonly #find: Statement;
  readonly #revisions: Statement;
  readonly #record: Statement;

  constructor(tenancy: Tenancy) {
    this.#find = {
      name: "request_find",
      text: `select q.method, q.body_hash, q.view_agent_id, q.delta_id, q.results from request_record q
        where ${tenancy.of("q")} and q.key_id = $2::uuid and q.request_id = $3::text
          and q.create_time > now() - interval '24 hours'`,
    };
    this.#revisions = {
      name: "request_revisions",
      text: `select r.workspace_id, r.memory_id, r.revision, r.state from memory_revision r
        join unnest($2::uuid[], $3::integer[]) w(id, revision) on r.memory_id = w.id and r.revision = w.revision
        where ${tenancy.of("r")}`,
    };
    this.#record = {
      name: "request_record",
      text: `with old as (
          delete from request_memory n where ${tenancy.of("n")} and n.key_id = $2::uuid and n.request_id = $3::text),
        record as (
          insert into request_record
            (workspace_id, key_id, request_id, method, body_hash, view_agent_id, delta_id, results)
          values ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::uuid, $7::uuid, $8::jsonb)
          on conflict (workspace_id, key_id, request_id) do update set method = excluded.method,
            body_hash = excluded.body_hash, view_agent_id = excluded.view_agent_id, delta_id = excluded.delta_id,
            results = excluded.results, create_time = now())
        insert into request_memory (workspace_id, memory_id, key_id, request_id)
        select distinct $1::uuid, x.id, $2::uuid, $3::text from unnest($9::uuid[]) x(id)
        on conflict do nothing`,
    };
  }

  /** The first answer, where this request was made before. Throws where it runs right now, differs, or its memory is purged. */
  async begin(tx: Transaction, mutation: Mutation, request: RequestKey): Promise<Replay | null> {
    const { workspaceId, agentId } = mutation.access;
    const values = [workspaceId, mutation.keyId, request.requestId];
    const [lock, found] = await tx.pipeline([
      { statement: LOCK, values },
      { statement: this.#find, values },
    ]);
    const named = { request_id: request.requestId };
    if (!rowsOf(lock!)[0]!.locked) {
      throw new DomainError("REQUEST_IN_FLIGHT", `a call with request_id ${request.requestId} still runs`, named);
    }
    const [row] = rowsOf(found!);
    if (row === undefined) {
      return null;
    }
    if (row.results === null) {
      throw purged(request.requestId);
    }
    if (
      row.method !== request.method ||
      !isSameMessage(request, row.body_hash as string) ||
      row.view_agent_id !== agentId
    ) {
      throw new DomainError("REQUEST_ID_REUSED", `request_id ${request.requestId} was used for another message`, named);
    }
    return this.#rebuild(tx, workspaceId, request.requestId, row);
  }

  async record(
    tx: Transaction,
    mutation: Mutation,
    request: RequestKey,
    results: readonly (Written | DomainError)[],
  ): Promise<void> {
    const stored = results.map(toStored);
    const ids = results.flatMap((result) => (result instanceof DomainError ? [] : [result.memory.id]));
    await tx.query(this.#record, [
      mutation.access.workspaceId,
      mutation.keyId,
      request.requestId,
      request.method,
      request.bodyHash,
      mutation.access.agentId,
      mutation.deltaId,
      JSON.stringify(stored),
      arrayLiteral(ids),
    ]);
  }

  async #rebuild(tx: Transaction, workspaceId: string, requestId: string, record: Row): Promise<Replay> {
    const stored = record.results as readonly StoredResult[];
    const written = stored.filter((result) => "id" in result);
    const rows = await tx.query(this.#revisions, [
      workspaceId,
      `{${written.map((result) => result.id).join(",")}}`,
      `{${written.map((result) => result.revision).join(",")}}`,
    ]);
    const revisions = new Map(rows.map((row) => [`${row.memory_id} ${row.revision}`, row]));
    const results = stored.map((result) => {
      if (!("id" in result)) {
        return new DomainError(result.reason as DomainError["reason"], result.message, result.metadata);
      }
      const row = revisions.get(`${result.id} ${result.revision}`);
      const memory = row === undefined ? null : memoryOfRevision(row);
      if (memory === null) {
        throw purged(requestId);
      }
      return {
        memory: {
          ...memory,
          embeddingStatus: STATUS_NAMES.find((status) => status === result.status) ?? memory.embeddingStatus,
          updateTime: result.updateTime === undefined ? memory.updateTime : new Date(result.updateTime),
        },
        outcome: result.outcome,
      };
    });
    return { results, deltaId: record.delta_id as string };
  }
}

function isSameMessage({ bodyHash, firstRuleHash }: RequestKey, stored: string): boolean {
  return stored === bodyHash || (!stored.includes(":") && stored === firstRuleHash?.());
}

function rowsOf(result: { rows: readonly Row[]; error: null } | { error: unknown }): readonly Row[] {
  if ("rows" in result) {
    return result.rows;
  }
  throw result.error;
}

function purged(requestId: string): DomainError {
  return new DomainError("REQUEST_RESULT_PURGED", `a memory that request ${requestId} wrote has been purged`, {
    request_id: requestId,
  });
}

function toStored(result: Written | DomainError): StoredResult {
  if (result instanceof DomainError) {
    return { reason: result.reason, message: result.message, metadata: { ...result.metadata } };
  }
  const { memory, outcome } = result;
  const stored = { id: memory.id, revision: memory.revision, outcome, status: memory.embeddingStatus };
  return outcome === "unchanged" ? { ...stored, updateTime: memory.updateTime.toISOString() } : stored;
}
