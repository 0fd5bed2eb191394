import { createRegistry, type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema, file_google_rpc_error_details } from "../../gen/server/google/rpc/error_details_pb.ts";

/** What went wrong with a call, in the terms that an error body is made of. */
export interface Failure {
  readonly code: Code;
  /** HTTP status. */
  readonly status: number;
  readonly message: string;
  /** Name of the reason, such as `MEMORY_NOT_FOUND`; empty where the failure carries none. */
  readonly reason: string;
  /** Scope of `reason`, such as `cairn.v1`; empty where the failure carries none. */
  readonly domain: string;
  /** Varying words of the message; `field` names the field at fault. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Further details as JSON, each with its `@type`; the reason is not among them. */
  readonly details: readonly JsonObject[];
  /** Headers of the answer. */
  readonly header: Headers;
}

/** A request that the gateway itself refuses. */
export class Rejection extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, { cause });
    this.name = "Rejection";
    this.failure = failure;
  }
}

const registry = createRegistry(file_google_rpc_error_details);

// The table of grpc-gateway and vanguard.
const HTTP_STATUS: Record<Code, number> = {
  [Code.Canceled]: 499,
  [Code.Unknown]: 500,
  [Code.InvalidArgument]: 400,
  [Code.DeadlineExceeded]: 504,
  [Code.NotFound]: 404,
  [Code.AlreadyExists]: 409,
  [Code.PermissionDenied]: 403,
  [Code.ResourceExhausted]: 429,
  [Code.FailedPrecondition]: 400,
  [Code.Aborted]: 409,
  [Code.OutOfRange]: 400,
  [Code.Unimplemented]: 501,
  [Code.Internal]: 500,
  [Code.Unavailable]: 503,
  [Code.DataLoss]: 500,
  [Code.Unauthenticated]: 401,
};

/** Where 429 would be wrong: clients repeat that after a while. */
const HTTP_STATUS_OF_REASON: Readonly<Record<string, number>> = { REQUEST_TOO_LARGE: 413, STORAGE_FULL: 507 };

/** HTTP status of a gRPC status, or of the reason where it has one of its own. */
export function httpStatus(code: Code, reason: string): number {
  return HTTP_STATUS_OF_REASON[reason] ?? HTTP_STATUS[code];
}

/** Makes a rejection of the gateway's own: `status` where the code's own does not fit. */
export function refuse(
  code: Code,
  reason: string,
  message: string,
  more: { metadata?: Record<string, string>; status?: number; header?: HeadersInit; cause?: unknown } = {},
): Rejection {
  return new Rejection(
    {
      code,
      status: more.status ?? httpStatus(code, reason),
      message,
      reason,
      domain: "",
      metadata: more.metadata ?? {},
      details: [],
      header: new Headers(more.header),
    },
    more.cause,
  );
}

/** A request that cannot be decoded: 400, naming the field. An empty field stands for the message itself. */
export function malformed(field: string, problem: string, cause?: unknown): Rejection {
  return refuse(Code.InvalidArgument, "MALFORMED_REQUEST", `${field || "body"}: ${problem}`, {
    metadata: { field: field || "body" },
    cause,
  });
}

/**
 * Reads a failure from whatever a call threw. `bodyField`: the message field that is the REST body, whose name is taken off
 * the front of the field at fault. Anything but a ConnectError or a Rejection tells the caller nothing.
 */
export function failureOf(error: unknown, errorDomain: string, bodyField = ""): Failure {
  if (error instanceof Rejection) {
    return { ...error.failure, domain: errorDomain };
  }
  if (!(error instanceof ConnectError)) {
    const canceled = error instanceof Error && error.name === "AbortError";
    const { failure } = canceled
      ? refuse(Code.Canceled, "CANCELLED", "the caller went away")
      : refuse(Code.Internal, "INTERNAL", "internal error");
    return { ...failure, domain: errorDomain };
  }
  const info = error.findDetails(ErrorInfoSchema)[0];
  const details = error
    .findDetails(registry)
    .filter((detail) => detail.$typeName !== ErrorInfoSchema.typeName)
    .map((detail) => ({
      "@type": `type.googleapis.com/${detail.$typeName}`,
      ...(toJson(registry.getMessage(detail.$typeName)!, detail, { useProtoFieldName: true }) as JsonObject),
    }));
  const { message, metadata } = withoutPrefix(error.rawMessage, info?.metadata ?? {}, bodyField);
  const reason = info?.reason ?? "";
  return {
    code: error.code,
    status: httpStatus(error.code, reason),
    message,
    reason,
    domain: info?.domain ?? "",
    metadata,
    details,
    header: error.metadata,
  };
}

function withoutPrefix(message: string, metadata: Record<string, string>, bodyField: string) {
  const { field } = metadata;
  if (!bodyField || field === undefined) {
    return { message, metadata };
  }
  const shown =
    field === bodyField ? "body" : field.startsWith(`${bodyField}.`) ? field.slice(bodyField.length + 1) : field;
  return {
    message: message.startsWith(field) ? shown + message.slice(field.length) : message,
    metadata: { ...metadata, field: shown },
  };
}

/** Name of a gRPC status as REST bodies spell it, such as `NOT_FOUND`. */
export function statusName(code: Code): string {
  return code === Code.Canceled ? "CANCELLED" : Code[code]!.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}

/** The error body of the native REST surface: `{error: {code, message, details}}`. */
export function renderFailure(failure: Failure): JsonValue {
  const info: JsonObject[] =
    failure.reason === ""
      ? []
      : [
          {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            reason: failure.reason,
            domain: failure.domain,
            metadata: { ...failure.metadata },
          },
        ];
  return {
    error: { code: statusName(failure.code), message: failure.message, details: [...info, ...failure.details] },
  };
}
