/**
 * What keeps workspaces apart: a predicate in every statement, and forced row-level security. `both` is the only mode for use;
 * the others take one of the two away, so that the isolation suite can show that each holds alone.
 */
export type TenancyMode = "both" | "rls-only" | "predicates-only";

export interface Tenancy {
  /** Transactions take the application's role, which row-level security binds. */
  readonly forced: boolean;
  /** The predicate on a table's alias; the workspace's id is the statement's first parameter. */
  of(alias: string): string;
  /** The same for the ORM. */
  criteria(workspaceId: string): { workspaceId?: string };
}

export function tenancyOf(mode: TenancyMode): Tenancy {
  if (mode === "rls-only") {
    // Postgres wants to know the type of $1 even where nothing else uses it.
    return { forced: true, of: () => "($1::uuid is null or true)", criteria: () => ({}) };
  }
  return {
    forced: mode === "both",
    of: (alias) => `${alias}.workspace_id = $1::uuid`,
    criteria: (workspaceId) => ({ workspaceId }),
  };
}
