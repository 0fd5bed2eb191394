import { Migration } from "@mikro-orm/migrations";

/**
 * Tenants' data. Codes: visibility 1 private, 2 shared; embedding_status 1 attached, 2 pending, 3 failed, 4 disabled;
 * last_outcome and change as in `codes.ts`.
 */
export class Memories extends Migration {
  override up(): void {
    this.addSql(`create table agent (
      workspace_id uuid not null,
      id uuid not null,
      handle text not null,
      display_name text not null default '',
      create_time timestamptz(3) not null default now(),
      update_time timestamptz(3) not null default now(),
      primary key (workspace_id, id),
      unique (workspace_id, handle)
    )`);
    this.memory();
    this.memoryIndexes();
    this.facets();
    this.revisions();
    this.embeddings();
    this.requests();
  }

  private memory(): void {
    this.addSql(`create table memory (
      workspace_id uuid not null,
      id uuid not null,
      volume_id uuid,
      agent_id uuid,
      subject_type text not null,
      subject_id text,
      kind text not null,
      key text,
      title text not null default '',
      content text not null,
      visibility smallint not null default 1 check (visibility in (1, 2)),
      metadata jsonb not null default '{}',
      tags text[] not null default '{}',
      linked_entities jsonb not null default '[]',
      confidence double precision not null default 1 check (confidence between 0 and 1),
      source_kind text,
      source_id text,
      source_context text,
      provenance text,
      parent_memory_id uuid,
      expire_time timestamptz(3),
      expire_reason text,
      shape_id uuid,
      guard jsonb,
      language regconfig not null,
      revision integer not null default 1,
      content_revision integer not null default 1,
      last_outcome smallint not null default 1,
      embedding_status smallint not null default 2 check (embedding_status between 1 and 4),
      embed_attempts smallint not null default 0,
      embed_after timestamptz(3) not null default now(),
      create_time timestamptz(3) not null,
      update_time timestamptz(3) not null,
      delete_time timestamptz(3),
      tsv tsvector not null generated always as (
        to_tsvector(language, title || E'\\n' || content) || jsonb_to_tsvector(language, metadata, '["string", "numeric"]')
      ) stored,
      primary key (workspace_id, id)
    ) with (fillfactor = 85)`);
  }

  /** None holds update_time, so that an unchanged write stays a heap-only update. */
  private memoryIndexes(): void {
    this.addSql(`create unique index memory_tuple
      on memory (workspace_id, volume_id, agent_id, subject_type, subject_id, kind, key) nulls not distinct
      where key is not null`);
    this.addSql(`create index memory_agent on memory (workspace_id, agent_id, id)`);
    this.addSql(`create index memory_subject on memory (workspace_id, subject_type, subject_id, id)`);
    this.addSql(`create index memory_kind on memory (workspace_id, kind, id)`);
    this.addSql(`create index memory_source on memory (workspace_id, source_kind, source_id, id)
      where source_id is not null`);
    this.addSql(`create index memory_pending on memory (embed_after, workspace_id, id)
      where embedding_status = 2 and delete_time is null`);
    this.addSql(`create index memory_retention on memory (workspace_id, (coalesce(delete_time, expire_time)), id)
      where coalesce(delete_time, expire_time) is not null`);
    this.addSql(`create index memory_tsv on memory using gin (workspace_id, tsv)`);
  }

  /** Beside the arrays that are shown: equality is leakproof, so that these indexes serve under row-level security. */
  private facets(): void {
    this.addSql(`create table memory_tag (
      workspace_id uuid not null,
      memory_id uuid not null,
      tag text not null,
      primary key (workspace_id, memory_id, tag),
      foreign key (workspace_id, memory_id) references memory (workspace_id, id) on delete cascade
    )`);
    this.addSql(`create index memory_tag_of on memory_tag (workspace_id, tag, memory_id)`);
    this.addSql(`create table memory_linked_entity (
      workspace_id uuid not null,
      memory_id uuid not null,
      entity_type text not null,
      entity_id text not null,
      primary key (workspace_id, memory_id, entity_type, entity_id),
      foreign key (workspace_id, memory_id) references memory (workspace_id, id) on delete cascade
    )`);
    this.addSql(`create index memory_linked_entity_of
      on memory_linked_entity (workspace_id, entity_type, entity_id, memory_id)`);
  }

  /** No foreign key: a purge leaves a tombstone whose memory is gone. */
  private revisions(): void {
    this.addSql(`create table memory_revision (
      workspace_id uuid not null,
      memory_id uuid not null,
      revision integer not null,
      change smallint not null,
      state jsonb,
      key_id uuid not null,
      agent_id uuid,
      door text not null,
      delta_id uuid not null,
      request_id text,
      call_id text not null,
      epoch integer not null,
      tx xid8 not null default pg_current_xact_id(),
      create_time timestamptz(3) not null,
      primary key (workspace_id, memory_id, revision)
    )`);
    this.addSql(`create index memory_revision_feed on memory_revision (workspace_id, epoch, tx, memory_id, revision)`);
  }

  private embeddings(): void {
    this.addSql(`create table memory_embedding (
      workspace_id uuid not null,
      memory_id uuid not null,
      generation smallint not null,
      content_revision integer not null,
      indexed boolean not null default false,
      embedding halfvec not null,
      primary key (workspace_id, memory_id, generation),
      foreign key (workspace_id, memory_id) references memory (workspace_id, id) on delete cascade
    )`);
    this.addSql(`alter table memory_embedding alter column embedding set storage plain`);
    this.addSql(`create index memory_embedding_tail on memory_embedding (workspace_id, generation) where not indexed`);
  }

  /** `results` holds ids, revisions, outcomes and statuses, and no content; null: a memory that it named was purged. */
  private requests(): void {
    this.addSql(`create table request_record (
      workspace_id uuid not null,
      key_id uuid not null,
      request_id text not null,
      method text,
      body_hash text,
      view_agent_id uuid,
      delta_id uuid,
      results jsonb,
      create_time timestamptz(3) not null default now(),
      primary key (workspace_id, key_id, request_id)
    )`);
    this.addSql(`create index request_record_age on request_record (create_time)`);
    this.addSql(`create table request_memory (
      workspace_id uuid not null,
      memory_id uuid not null,
      key_id uuid not null,
      request_id text not null,
      primary key (workspace_id, memory_id, key_id, request_id),
      foreign key (workspace_id, key_id, request_id)
        references request_record (workspace_id, key_id, request_id) on delete cascade
    )`);
    this.addSql(`create index request_memory_record on request_memory (workspace_id, key_id, request_id)`);
  }
}
