/**
 * One row where `m` has a vector for its present text in a generation, given as its placeholder. LATERAL with LIMIT pins one look-up
 * a row, where a subquery might read all vectors of the generation.
 */
export function vectorIn(generation: string): string {
  return `(
      select true as yes from memory_embedding e where e.workspace_id = m.workspace_id and e.memory_id = m.id
        and e.generation = ${generation}::smallint and e.content_revision = m.content_revision limit 1)`;
}
