import { defineEntity, type InferEntity, p } from "@mikro-orm/core";

export const WorkspaceEntity = defineEntity({
  name: "Workspace",
  tableName: "workspace",
  properties: {
    id: p.uuid().primary(),
    handle: p.text().unique(),
    displayName: p.text(),
    language: p.text().columnType("regconfig"),
    retentionMs: p.bigint("number"),
    createTime: p.datetime(3),
    updateTime: p.datetime(3),
    deleteTime: p.datetime(3).nullable(),
  },
});

export type WorkspaceRow = InferEntity<typeof WorkspaceEntity>;
