import type { Session } from "../../src/storage/engine/session.ts";

/** The database's own user, whom row-level security does not bind. */
const AS_OWNER = { role: "none", workspaceId: null };

/** How many rows of each table hold one of the texts anywhere; tables without any are left out. Tables are the catalog's. */
export async function rowsHolding(session: Session, texts: readonly string[]): Promise<Record<string, number>> {
  const run = (text: string, values: readonly string[] = []) =>
    session.run(AS_OWNER, { name: null, text }, values, null);
  const tables = await run(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`,
  );
  const found: Record<string, number> = {};
  for (const { name } of tables as readonly { name: string }[]) {
    const where = texts.map((_, i) => `t::text like '%' || $${i + 1}::text || '%'`).join(" or ");
    const [row] = await run(`select count(*)::integer as count from ${name} t where ${where}`, texts);
    if (row!.count !== 0) found[name] = row!.count as number;
  }
  return found;
}
