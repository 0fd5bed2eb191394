import type { ServiceImpl } from "@connectrpc/connect";
import { type KeyService, ListKeysRequestSchema } from "../../../gen/server/cairn/v1/key_service_pb.ts";
import type { KeyScope } from "../../domain/caller.ts";
import { createKey, type KeyDeps, listKeys, revokeKey, rotateKey } from "../../usecases/administration/manage-keys.ts";
import { callerOf } from "../caller-of.ts";
import { fromDuration, toKey } from "../convert/administration.ts";
import { decodePageToken, encodePageToken, ID_KEY } from "../convert/page-token.ts";
import { fromTimestamp } from "../convert/time.ts";

export function keyService(deps: KeyDeps): ServiceImpl<typeof KeyService> {
  return {
    async createKey(request, context) {
      const { displayName, prefix } = request;
      const { key, secret } = await createKey(deps, callerOf(context), {
        displayName,
        prefix,
        scopes: request.scopes as KeyScope[],
        agent: request.agent ?? null,
        volumeId: request.volumeId?.toLowerCase() ?? null,
        expireTime: fromTimestamp(request.expireTime),
      });
      return { key: toKey(key), secret };
    },
    async listKeys(request, context) {
      const caller = callerOf(context);
      const { workspaceId } = caller;
      const scope = { method: "ListKeys", workspaceId, schema: ListKeysRequestSchema, request };
      const input = { pageSize: request.pageSize, beforeId: await decodePageToken(scope, ID_KEY) };
      const page = await listKeys(deps, caller, input);
      const nextPageToken = page.more ? await encodePageToken(scope, page.items.at(-1)!.id) : "";
      return { keys: page.items.map(toKey), nextPageToken };
    },
    async revokeKey(request, context) {
      return { key: toKey(await revokeKey(deps, callerOf(context), request.keyId.toLowerCase())) };
    },
    async rotateKey(request, context) {
      const input = { id: request.keyId.toLowerCase(), overlapMs: fromDuration(request.overlap) };
      const { key, secret } = await rotateKey(deps, callerOf(context), input);
      return { key: toKey(key), secret };
    },
  };
}
