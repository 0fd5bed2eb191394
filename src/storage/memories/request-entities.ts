import { defineEntity, p } from "@mikro-orm/core";

/** What a mutation with a request_id answered; `results` holds ids and outcomes, and is null once one of its memories was purged. */
export const RequestRecordEntity = defineEntity({
  name: "RequestRecord",
  tableName: "request_record",
  properties: {
    workspaceId: p.uuid().primary(),
    keyId: p.uuid().primary(),
    requestId: p.text().primary(),
    method: p.text().nullable(),
    bodyHash: p.text().nullable(),
    viewAgentId: p.uuid().nullable(),
    deltaId: p.uuid().nullable(),
    results: p.json().nullable(),
    createTime: p.datetime(3),
  },
});

/** The memories that a record names, so that a purge finds it. */
export const RequestMemoryEntity = defineEntity({
  name: "RequestMemory",
  tableName: "request_memory",
  properties: {
    workspaceId: p.uuid().primary(),
    memoryId: p.uuid().primary(),
    keyId: p.uuid().primary(),
    requestId: p.text().primary(),
  },
});
