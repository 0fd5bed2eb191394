/** TrustPager's names of the fields that Cairn calls something else. */
const NATIVE: ReadonlyMap<string, string> = new Map([
  ["agent_registry_id", "agent_id"],
  ["expires_at", "expire_time"],
]);

const DIALECT: ReadonlyMap<string, string> = new Map([
  ...[...NATIVE].map(([dialect, native]) => [native, dialect] as const),
  ["memory_id", "id"],
  ["after_memory_id", "after"],
  ["page_size", "limit"],
  ["min_similarity", "threshold"],
  ["kinds", "kind"],
  ["tags_any", "tag"],
  ["created_after", "since"],
  ["linked_entity.type", "linked_entity_type"],
  ["linked_entity.id", "linked_entity_id"],
]);

/** The native name of a field of a memory. */
export function nativeField(field: string): string {
  return NATIVE.get(field) ?? field;
}

/** What TrustPager calls the field that a native call found fault with: `memory.expire_time` is `expires_at`. */
export function dialectField(path: string): string {
  const field = path.replace(/^(memory|filter)\./, "");
  const [, name = field, rest = ""] = /^([a-z_]+(?:\.(?:type|id)$)?)(.*)$/.exec(field) ?? [];
  return (DIALECT.get(name) ?? name) + rest;
}
