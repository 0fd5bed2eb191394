import { Code, ConnectError } from "@connectrpc/connect";
import type { SearchSummary } from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import { ErrorInfoSchema } from "../../../gen/server/google/rpc/error_details_pb.ts";

/** TrustPager answers an error, not fewer results, where the embedding service is down. */
export function refuseDegraded(summary: SearchSummary): void {
  if (summary.degraded) {
    const value = { reason: "EMBEDDER_UNAVAILABLE", domain: "cairn.v1", metadata: {} };
    throw new ConnectError("the embedding provider does not answer", Code.Unavailable, undefined, [
      { desc: ErrorInfoSchema, value },
    ]);
  }
}
