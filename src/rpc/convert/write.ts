import {
  type BatchWriteMemoriesRequest,
  BatchWriteMemoriesRequestSchema,
  type WriteMemoryRequest,
  WriteMemoryRequestSchema,
  WriteMode as WriteModePb,
} from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import { invalidField } from "../../domain/failure.ts";
import type { WriteMode } from "../../domain/ports/memory-store.ts";
import type { WriteInput, WriteMemoriesInput } from "../../usecases/write-memories.ts";
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

export async function fromBatchWrite(request: BatchWriteMemoriesRequest): Promise<WriteMemoriesInput> {
  const atomic = request.atomic ?? true;
  const pathInCall = (index: number) => `writes[${index}].memory`;
  return {
    writes: request.writes.map((item, index) => {
      if (item.requestId !== undefined) {
        throw invalidField(`writes[${index}].request_id`, "is for the batch as a whole");
      }
      return fromItem(item);
    }),
    // The error of an item that fails alone names the item's own field.
    pathOf: atomic ? pathInCall : () => "memory",
    atomic,
    request: await requestKeyOf("BatchWriteMemories", BatchWriteMemoriesRequestSchema, request),
  };
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
