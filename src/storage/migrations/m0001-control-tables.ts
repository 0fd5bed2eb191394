import { Migration } from "@mikro-orm/migrations";

/** Tables that are no tenant's data, and the credentials: reached through `authenticate` and by the operator. */
export class ControlTables extends Migration {
  override up(): void {
    this.addSql(`create extension if not exists vector`);
    this.addSql(`create extension if not exists btree_gin`);
    this.addSql(`create table workspace (
      id uuid primary key,
      handle text not null unique,
      display_name text not null default '',
      language regconfig not null default 'english',
      retention_ms bigint not null default 2592000000 check (retention_ms >= 0),
      create_time timestamptz(3) not null default now(),
      update_time timestamptz(3) not null default now(),
      delete_time timestamptz(3)
    )`);
    this.addSql(`create table api_key (
      workspace_id uuid not null references workspace (id),
      id uuid not null,
      digest bytea not null unique check (octet_length(digest) = 32),
      display_name text not null default '',
      secret_prefix text not null default '',
      scopes text[] not null,
      agent_id uuid,
      volume_id uuid,
      expire_time timestamptz(3),
      revoke_time timestamptz(3),
      create_time timestamptz(3) not null default now(),
      primary key (workspace_id, id)
    )`);
    this.addSql(
      `create index api_key_agent on api_key (workspace_id, agent_id) where agent_id is not null and revoke_time is null`,
    );
    this.addSql(`create table signing_key (
      id uuid primary key,
      secret bytea not null,
      create_time timestamptz(3) not null default now(),
      retire_time timestamptz(3)
    )`);
    this.addSql(`create table feed_epoch (
      singleton boolean primary key default true check (singleton),
      epoch integer not null
    )`);
    this.addSql(`insert into feed_epoch (epoch) values (1)`);
    this.addSql(`create table embedding_generation (
      id smallint primary key,
      model text not null,
      dimensions integer not null check (dimensions > 0),
      create_time timestamptz(3) not null default now(),
      unique (model, dimensions)
    )`);
  }
}
