import { create } from "@bufbuild/protobuf";
import { type BatchWriteResult, BatchWriteResultSchema } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { DomainError } from "../domain/failure.ts";
import type { Written } from "../domain/memory.ts";
import { toOutcome } from "./convert/memory.ts";
import { CODE_OF_REASON } from "./error-code.ts";

/** What one item of a batch became. */
export function toBatchResult(result: Written | DomainError): BatchWriteResult {
  if (result instanceof DomainError) {
    const { reason, message, metadata } = result;
    const error = { code: CODE_OF_REASON[reason], reason, message, field: metadata.field ?? "" };
    return create(BatchWriteResultSchema, { error });
  }
  const { memory, outcome } = result;
  return create(BatchWriteResultSchema, {
    memoryId: memory.id,
    outcome: toOutcome(outcome),
    revision: memory.revision,
  });
}
