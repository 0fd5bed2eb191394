/** Roles of the whole database cluster; none may log in. What each may touch is in migration `0003-access`. */
export const ROLES = ["cairn_app", "cairn_worker", "cairn_operator", "cairn_definer"] as const;

/** Extensions of the database; all but `vector` are trusted, so that whoever may create in the database may make them. */
export const EXTENSIONS = ["vector", "btree_gin", "pg_trgm", "unaccent"] as const;

export const APPLICATION_ROLE = "cairn_app";
export const WORKER_ROLE = "cairn_worker";
export const OPERATOR_ROLE = "cairn_operator";

/** Roles that the database's user lacks, or is not a member of; and whether any of ours evades row-level security. */
export const INSPECT_ROLES = `select w.name, r.oid is not null as present,
    coalesce(pg_has_role(current_user, r.oid, 'MEMBER'), false) as member,
    coalesce(r.rolsuper or r.rolbypassrls, false) as evades
  from unnest($1::text[]) w(name) left join pg_roles r on r.rolname = w.name`;

export interface RoleRow {
  readonly name: string;
  readonly present: boolean;
  readonly member: boolean;
  readonly evades: boolean;
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** One role, made where it is missing; two databases of one cluster may do so at once. */
export function createRole(role: string): string {
  return `do $$ begin
  if not exists (select from pg_roles where rolname = '${role}') then
    create role ${role} nologin nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
  end if;
exception when duplicate_object or unique_violation then null;
end $$`;
}

export function grantRole(role: string, user: string): string {
  return `grant ${role} to ${quote(user)}`;
}

/** What an administrator runs once in the database where its own user may not. */
export function administratorSql(user: string, missing: readonly string[]): string {
  const create = missing.map(
    (role) => `create role ${role} nologin nosuperuser nocreatedb nocreaterole noinherit nobypassrls;`,
  );
  return [
    ...create,
    `grant ${ROLES.join(", ")} to ${quote(user)};`,
    ...EXTENSIONS.map((extension) => `create extension if not exists ${extension};`),
  ].join("\n");
}
