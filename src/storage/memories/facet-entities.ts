import { defineEntity, p } from "@mikro-orm/core";

/** Tags beside the array that is shown: equality is leakproof, so that the index serves under row-level security. */
export const MemoryTagEntity = defineEntity({
  name: "MemoryTag",
  tableName: "memory_tag",
  properties: {
    workspaceId: p.uuid().primary(),
    memoryId: p.uuid().primary(),
    tag: p.text().primary(),
  },
});

/** Linked entities, likewise. */
export const MemoryLinkedEntityEntity = defineEntity({
  name: "MemoryLinkedEntity",
  tableName: "memory_linked_entity",
  properties: {
    workspaceId: p.uuid().primary(),
    memoryId: p.uuid().primary(),
    entityType: p.text().primary(),
    entityId: p.text().primary(),
  },
});
