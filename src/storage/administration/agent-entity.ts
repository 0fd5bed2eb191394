import { defineEntity, type InferEntity, p } from "@mikro-orm/core";

export const AgentEntity = defineEntity({
  name: "Agent",
  tableName: "agent",
  properties: {
    workspaceId: p.uuid().primary(),
    id: p.uuid().primary(),
    handle: p.text(),
    displayName: p.text(),
    createTime: p.datetime(3),
    updateTime: p.datetime(3),
  },
});

export type AgentRow = InferEntity<typeof AgentEntity>;
