import { defineEntity, type InferEntity, p } from "@mikro-orm/core";

export const KeyEntity = defineEntity({
  name: "Key",
  tableName: "api_key",
  properties: {
    workspaceId: p.uuid().primary(),
    id: p.uuid().primary(),
    // Lazy: the application's role may write digests and never read them.
    digest: p.blob().lazy(),
    displayName: p.text(),
    secretPrefix: p.text(),
    scopes: p.array(),
    agentId: p.uuid().nullable(),
    volumeId: p.uuid().nullable(),
    expireTime: p.datetime(3).nullable(),
    revokeTime: p.datetime(3).nullable(),
    createTime: p.datetime(3),
  },
});

export type KeyRow = InferEntity<typeof KeyEntity>;
