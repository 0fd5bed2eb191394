import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { Visibility } from "../../../gen/server/cairn/v1/memory_pb.ts";
import type {
  ListMemoriesRequestSchema,
  SearchRequestSchema,
  UpdateMemoryRequestSchema,
  WriteMemoryRequestSchema,
} from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import type {
  ListMemoryRequest,
  SearchMemoryRequest,
  UpdateMemoryRequest,
  WriteMemoryRequest,
} from "../../../gen/server/trustpager/v1/memory_pb.ts";
import { nativeField } from "./field-names.ts";
import { rejection } from "./rejection.ts";

const DEFAULT_LIMIT = 10;
const DEFAULT_THRESHOLD = 0.15;

/** The native write of a TrustPager write: the fifteen documented fields. */
export function writeOf(request: WriteMemoryRequest): MessageInitShape<typeof WriteMemoryRequestSchema> {
  const { subjectType, kind, content, tags, linkedEntities } = request;
  return {
    memory: {
      ...{ subjectType, kind, content, tags },
      linkedEntities: linkedEntities.map(({ type, id }) => ({ type, id })),
      visibility: visibilityOf(request.visibility),
      ...given({
        agentId: request.agentRegistryId,
        subjectId: request.subjectId,
        key: request.key,
        metadata: request.metadata,
        confidence: request.confidence,
        sourceKind: request.sourceKind,
        sourceId: request.sourceId,
        parentMemoryId: request.parentMemoryId,
        expireTime: request.expiresAt,
      }),
    },
  };
}

/** The native update of a TrustPager update, its mask in native names. */
export function updateOf(request: UpdateMemoryRequest): MessageInitShape<typeof UpdateMemoryRequestSchema> {
  const { memory } = request;
  return {
    memoryId: request.id,
    updateMask: { paths: request.updateMask?.paths.map(nativeField) ?? [] },
    memory: {
      content: memory?.content ?? "",
      tags: memory?.tags ?? [],
      linkedEntities: memory?.linkedEntities.map(({ type, id }) => ({ type, id })) ?? [],
      visibility: visibilityOf(memory?.visibility),
      ...given({ metadata: memory?.metadata, confidence: memory?.confidence, expireTime: memory?.expiresAt }),
    },
  };
}

/** The native page that holds the next `pageSize` memories after the one with the id `after`. */
export function listPage(
  request: ListMemoryRequest,
  after: string | undefined,
  pageSize: number,
): MessageInitShape<typeof ListMemoriesRequestSchema> {
  return {
    pageSize,
    ...given({ afterMemoryId: after }),
    filter: {
      ...subjectFilter(request),
      tagsAny: request.tag,
      ...given({ createdAfter: request.since, linkedEntity: linkedEntityOf(request) }),
    },
  };
}

/** Both halves or none; the contract's own validation cannot say which half is missing. */
function linkedEntityOf({ linkedEntityType: type, linkedEntityId: id }: ListMemoryRequest) {
  if (type !== undefined && id !== undefined) {
    return { type, id };
  }
  if (type !== undefined || id !== undefined) {
    const field = type === undefined ? "linked_entity_type" : "linked_entity_id";
    const message = `${field}: is required, as linked_entity_type and linked_entity_id go together`;
    throw rejection(Code.InvalidArgument, "INVALID_FIELD", message, { field });
  }
  return undefined;
}

/**
 * The native search of a TrustPager search. A threshold that the caller names is a floor for every result; the default one lets
 * results pass that share a word with the query.
 */
export function searchOf(request: SearchMemoryRequest): MessageInitShape<typeof SearchRequestSchema> {
  return {
    query: request.query,
    limit: request.limit ?? DEFAULT_LIMIT,
    minSimilarity: request.threshold ?? DEFAULT_THRESHOLD,
    lexicalPassesSimilarity: request.threshold === undefined,
    filter: subjectFilter(request),
  };
}

function subjectFilter(request: ListMemoryRequest | SearchMemoryRequest) {
  return {
    kinds: request.kind === undefined ? [] : [request.kind],
    visibility: request.visibility === undefined ? Visibility.UNSPECIFIED : visibilityOf(request.visibility),
    ...given({ subjectType: request.subjectType, subjectId: request.subjectId, agentId: request.agentRegistryId }),
  };
}

function visibilityOf(text: string | undefined): Visibility {
  return text === "shared" ? Visibility.SHARED : Visibility.PRIVATE;
}

/** The fields that are set. */
function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
