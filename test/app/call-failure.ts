import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../gen/server/google/rpc/error_details_pb.ts";
import { collect } from "./collect.ts";
import type { RestAnswer } from "./rest.ts";

/** What a refused call says, over any wire. */
export interface CallFailure {
  /** gRPC status name, such as `NOT_FOUND`. */
  readonly code: string;
  /** Name of the cairn.v1.ErrorReason. */
  readonly reason: string | undefined;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The failure of an RPC; throws where it succeeds, and where it carries more or less than one ErrorInfo of our domain. */
export async function failureOf(call: Promise<unknown> | AsyncIterable<unknown>): Promise<CallFailure> {
  try {
    await (Symbol.asyncIterator in call ? collect(call) : call);
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    return readFailure(error);
  }
  throw new Error("the call succeeded, and should have failed");
}

function readFailure(error: ConnectError): CallFailure {
  const infos = error.findDetails(ErrorInfoSchema);
  if (infos.length !== 1 || infos[0]!.domain !== "cairn.v1") {
    throw new Error(`not one ErrorInfo of cairn.v1: ${error.message} ${JSON.stringify(error.details)}`, {
      cause: error,
    });
  }
  const [{ reason, metadata }] = infos as [(typeof infos)[0]];
  return { code: statusName(error.code), reason, message: error.rawMessage, metadata: { ...metadata } };
}

/** gRPC status name of a code. */
export function statusName(code: Code): string {
  return code === Code.Canceled ? "CANCELLED" : Code[code]!.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}

/** `OK`, or the status name of the failure. */
export async function outcomeOf(call: Promise<unknown>): Promise<{ code: string; answer: unknown }> {
  try {
    return { code: "OK", answer: await call };
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    return { code: readFailure(error).code, answer: readFailure(error) };
  }
}

/** The failure in a REST body; throws where the envelope is not `{"error":{code,message,details:[ErrorInfo]}}`. */
export function restFailure(answer: RestAnswer): CallFailure {
  const { error, ...others } = answer.json ?? {};
  const [info, ...more] = error?.details ?? [];
  const shaped =
    answer.headers.get("content-type")?.startsWith("application/json") &&
    Object.keys(others).length === 0 &&
    Object.keys(error ?? {}).join() === "code,message,details" &&
    more.length === 0 &&
    info?.["@type"] === "type.googleapis.com/google.rpc.ErrorInfo" &&
    info.domain === "cairn.v1";
  if (!shaped) {
    throw new Error(`not the error body of the REST interface: ${answer.status} ${answer.text.slice(0, 2000)}`);
  }
  return { code: error.code, reason: info.reason, message: error.message, metadata: info.metadata ?? {} };
}
