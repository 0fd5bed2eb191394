import type { Mutation } from "../../domain/ports/memory-store.ts";
import type { Value } from "../engine/session.ts";

/** Who makes a change, as part of what: parameter, column of memory_revision, type. */
const AUDIT = [
  ["auditKeyId", "key_id", "uuid"],
  ["auditAgentId", "agent_id", "uuid"],
  ["auditApi", "api", "text"],
  ["auditDeltaId", "delta_id", "uuid"],
  ["auditRequestId", "request_id", "text"],
  ["auditCallId", "call_id", "text"],
] as const;

type AuditParameter = (typeof AUDIT)[number][0];

export const AUDIT_TYPES = Object.fromEntries(AUDIT.map(([parameter, , type]) => [parameter, type])) as Record<
  AuditParameter,
  string
>;

export const AUDIT_COLUMNS = AUDIT.map(([, column]) => column).join(", ");

/** The audit fields' placeholders, in the columns' order. */
export function auditPlaceholders(at: Readonly<Record<AuditParameter, string>>): string {
  return AUDIT.map(([parameter]) => at[parameter]).join(", ");
}

export function auditValues(mutation: Mutation): Record<AuditParameter, Value> {
  return {
    auditKeyId: mutation.keyId,
    auditAgentId: mutation.access.agentId,
    auditApi: mutation.api,
    auditDeltaId: mutation.deltaId,
    auditRequestId: mutation.request?.requestId ?? null,
    auditCallId: mutation.callId,
  };
}
