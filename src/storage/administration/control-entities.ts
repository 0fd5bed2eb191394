import { defineEntity, p } from "@mikro-orm/core";

/** Secrets that sign session tokens, shared by all processes. */
export const SigningKeyEntity = defineEntity({
  name: "SigningKey",
  tableName: "signing_key",
  properties: {
    id: p.uuid().primary(),
    secret: p.blob(),
    createTime: p.datetime(3),
    retireTime: p.datetime(3).nullable(),
  },
});

/** One row: raised where transaction numbers begin anew, as after a restore into another cluster. */
export const FeedEpochEntity = defineEntity({
  name: "FeedEpoch",
  tableName: "feed_epoch",
  properties: {
    singleton: p.boolean().primary(),
    epoch: p.integer(),
  },
});
