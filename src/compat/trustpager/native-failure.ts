import { ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../../gen/server/google/rpc/error_details_pb.ts";
import { dialectField } from "./field-names.ts";

/** Makes native calls, and names the field that one finds fault with as TrustPager does. */
export async function inDialectTerms<T>(calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    throw error instanceof ConnectError ? translated(error) : error;
  }
}

function translated(error: ConnectError): ConnectError {
  const [info, ...others] = error.findDetails(ErrorInfoSchema);
  const field = info?.metadata.field;
  if (!info || field === undefined || others.length > 0) {
    return error;
  }
  const shown = dialectField(field);
  const message = error.rawMessage.startsWith(field) ? shown + error.rawMessage.slice(field.length) : error.rawMessage;
  const value = { reason: info.reason, domain: info.domain, metadata: { ...info.metadata, field: shown } };
  return new ConnectError(message, error.code, error.metadata, [{ desc: ErrorInfoSchema, value }], error.cause);
}
