export interface Agent {
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  readonly createTime: Date;
  readonly updateTime: Date;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Tells an id from a handle: a handle never parses as a UUID. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Handle of an agent that a write registered on the spot. */
export function handleOf(agentId: string): string {
  return `agent-${agentId}`;
}
