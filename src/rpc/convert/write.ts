import {
  type BatchWriteMemoriesRequest,
  BatchWriteMemoriesRequestSchema,
  type WriteMemoryRequest,
  WriteMemoryRequestSchema,
  WriteMode as WriteModePb,
} from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import { type DomainError, invalidField } from "../../domain/failure.ts";
import type { WriteMode } from "../../domain/ports/memory-store.ts";
import type { WriteInput, WriteMemoriesInput } from "../../usecases/memories/write-memories.ts";
import { fromBody, fromSubject } from "./memory.ts";
import { requestKeyOf } from "./request-key.ts";

const MODE: Record<WriteModePb, WriteMode> = {
  [WriteModePb.UNSPECIFIED]: "upsert",
  [WriteModePb.UPSERT]: "upsert",
  [WriteModePb.CREATE_ONLY]: "create_only",
  [WriteModePb.UPDATE_ONLY]: "update_only",
};

export async function fromWrite(request: WriteMemoryRequest): Promise<WriteMemoriesInput> {
  return {
    writes: [fromItem(request)],
    pathOf: () => "memory",
    atomic: true,
    request: await requestKeyOf("WriteMemory", WriteMemoryRequestSchema, request),
  };
}

/** `faults`: items that fail alone, by their places. */
export async function fromBatchWrite(
  request: BatchWriteMemoriesRequest,
  faults: ReadonlyMap<number, DomainError>,
): Promise<WriteMemoriesInput> {
  const atomic = request.atomic ?? true;
  // The error of an item that fails alone names the item's own field.
  const prefixOf = (index: number) => (atomic ? `writes[${index}].` : "");
  return {
    writes: request.writes.map((item, index) => {
      const fault = faults.get(index) ?? refusedRequestId(item, prefixOf(index));
      if (fault !== null && atomic) {
        throw fault;
      }
      return fault ?? fromItem(item);
    }),
    pathOf: (index) => `${prefixOf(index)}memory`,
    atomic,
    request: await requestKeyOf("BatchWriteMemories", BatchWriteMemoriesRequestSchema, request),
  };
}

function refusedRequestId({ requestId }: WriteMemoryRequest, prefix: string): DomainError | null {
  return requestId === undefined ? null : invalidField(`${prefix}request_id`, "is for the batch as a whole");
}

function fromItem(item: WriteMemoryRequest): WriteInput {
  const memory = item.memory!;
  return {
    ...fromSubject(memory),
    ...fromBody(memory),
    mode: MODE[item.mode]!, // Validation has refused every other number.
    expectedRevision: item.expectedRevision ?? null,
  };
}
