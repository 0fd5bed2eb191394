import type { DescService } from "@bufbuild/protobuf";
import { type Client, Code, ConnectError, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { loadConfig } from "../config.ts";
import { EnvReader } from "../config-reader.ts";
import { keptRootKey } from "../system/root-key.ts";
import { type CommandIo, UsageError } from "./command.ts";
import { RemoteFailure } from "./remote-failure.ts";

/** Options of every command that calls a running server. */
export const REMOTE_OPTIONS = { url: { type: "string" }, key: { type: "string" }, json: { type: "boolean" } } as const;

export const REMOTE_HELP = `  --url URL   the running server (default: CAIRN_URL, else http://127.0.0.1:8080)
  --key KEY   a key (default: CAIRN_API_KEY, else the first of CAIRN_ROOT_KEY, else the data folder's root key)
  --json      prints the answer as JSON`;

export interface RemoteValues {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
}

/** Where a running server is, and a key of its. */
export interface RemoteAddress {
  readonly baseUrl: string;
  readonly key: string;
}

/** What the options and the environment say. Throws UsageError where that is no URL, or there is no key. */
export function remoteAddress(values: RemoteValues, io: CommandIo): RemoteAddress {
  const baseUrl = values.url ?? io.env.CAIRN_URL ?? "http://127.0.0.1:8080";
  if (!URL.canParse(baseUrl)) {
    throw new UsageError(`--url ${baseUrl} is no URL`);
  }
  const [rootKey] = new EnvReader(io.env).list("CAIRN_ROOT_KEY");
  const key = values.key ?? io.env.CAIRN_API_KEY ?? rootKey ?? keptRootKey(loadConfig(io.env).dataDir);
  if (!key) {
    throw new UsageError("no key: pass --key, or set CAIRN_API_KEY");
  }
  return { baseUrl, key };
}

/** A transport whose calls carry the key. */
export function remoteTransport({ baseUrl, key }: RemoteAddress): Transport {
  const authorize: Interceptor = (next) => (request) => {
    request.header.set("authorization", `Bearer ${key}`);
    return next(request);
  };
  return createConnectTransport({ baseUrl, httpVersion: "1.1", interceptors: [authorize] });
}

/** Calls a service of the running server; failures become one line. */
export async function callRemote<S extends DescService, T>(
  service: S,
  values: RemoteValues,
  io: CommandIo,
  call: (client: Client<S>) => Promise<T>,
): Promise<T> {
  const address = remoteAddress(values, io);
  try {
    return await call(createClient(service, remoteTransport(address)));
  } catch (error) {
    throw remoteFailure(error, address.baseUrl);
  }
}

/** A rejection, or that nobody answers, as one line; what is no ConnectError comes back as it is. */
export function remoteFailure(error: unknown, baseUrl: string): unknown {
  if (!(error instanceof ConnectError)) {
    return error;
  }
  const unreachable = error.code === Code.Unavailable && error.details.length === 0;
  return new RemoteFailure(
    unreachable ? `no server answers at ${baseUrl}: start one with "cairn serve"` : error.message,
    { cause: error },
  );
}
