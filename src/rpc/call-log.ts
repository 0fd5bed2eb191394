/** One finished call, as it is logged and counted. No text of a memory or a query is in it. */
export interface CallRecord {
  readonly callId: string;
  /** Full method name, such as `cairn.v1.MemoryService/GetMemory`. */
  readonly method: string;
  readonly api: string;
  /** gRPC status name in lower case, such as `ok` or `not_found`. */
  readonly code: string;
  readonly durationMs: number;
  /** Messages of a stream; 1 for a unary call. */
  readonly messages: number;
  readonly workspaceId?: string;
  readonly keyId?: string;
  readonly agentId?: string;
  readonly reason?: string;
  /** What lies behind an unknown failure: logged here, and nowhere else. */
  readonly cause?: unknown;
  /** What lies behind a failure that the operator can end and no caller can: told once, not for each call. */
  readonly trouble?: unknown;
}

/** Where finished calls go: the log and the metrics. */
export interface CallLog {
  finished(call: CallRecord): void;
}
