import { defineEntity, p } from "@mikro-orm/core";

/** Append-only; no foreign key, as a purge leaves a tombstone whose memory is gone. `state` is null in one. */
export const MemoryRevisionEntity = defineEntity({
  name: "MemoryRevision",
  tableName: "memory_revision",
  properties: {
    workspaceId: p.uuid().primary(),
    memoryId: p.uuid().primary(),
    revision: p.integer().primary(),
    change: p.smallint(),
    state: p.json().nullable(),
    keyId: p.uuid(),
    agentId: p.uuid().nullable(),
    api: p.text(),
    deltaId: p.uuid(),
    requestId: p.text().nullable(),
    callId: p.text(),
    epoch: p.integer(),
    tx: p.text().columnType("xid8"),
    createTime: p.datetime(3),
  },
});
