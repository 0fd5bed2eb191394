/**
 * Who may read a memory, on `m`: the one rule. `agent` and `volume` are SQL of the principal's agent and of the volume that its
 * key is bound to; null: it has none. No volume grants a read to an agent yet.
 */
export function readableBy(agent: string | null, volume: string | null): string {
  return bothHold(agent && `m.volume_id is null and (m.visibility = 2 or m.agent_id = ${agent})`, volume);
}

/** Who may change, delete, restore and purge it, likewise. */
export function changeableBy(agent: string | null, volume: string | null): string {
  return bothHold(agent && `m.volume_id is null and m.agent_id = ${agent}`, volume);
}

/** The same rule in SQL that is prepared once, for parameters that may be null. */
export function orNull(rule: typeof readableBy, agent: string, volume: string): string {
  return `(${agent} is null or (${rule(agent, null)})) and (${volume} is null or ${rule(null, volume)})`;
}

function bothHold(ofAgent: string | null, volume: string | null): string {
  const parts = [ofAgent, volume && `m.volume_id = ${volume}`].filter((part) => part !== null);
  return parts.length === 0 ? "true" : parts.join(" and ");
}
