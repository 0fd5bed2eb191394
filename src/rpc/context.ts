import { createContextKey } from "@connectrpc/connect";
import type { Caller } from "../domain/caller.ts";

/** The call's id: the caller's `x-request-id` where it has the right shape, else a UUIDv7. */
export const kCallId = createContextKey<string>("", { description: "call id" });

/** Who asks, and may; undefined until `authenticate` has run. */
export const kCaller = createContextKey<Caller | undefined>(undefined, { description: "caller" });

/** API that the call came through: `native`, or the name of the dialect that made it. Never taken from the network. */
export const kApi = createContextKey<string>("native", { description: "api" });
