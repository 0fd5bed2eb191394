import type { DescService } from "@bufbuild/protobuf";
import { type Client, Code, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { loadConfig } from "../config.ts";
import { keptRootKey } from "../system/root-key.ts";
import { type CommandIo, UsageError } from "./command.ts";
import { RemoteFailure } from "./remote-failure.ts";

/** Options of every command that calls a running server. */
export const REMOTE_OPTIONS = { url: { type: "string" }, key: { type: "string" }, json: { type: "boolean" } } as const;

export const REMOTE_HELP = `  --url URL   the running server (default: CAIRN_URL, else http://127.0.0.1:8080)
  --key KEY   a key (default: CAIRN_API_KEY, else CAIRN_ROOT_KEY, else the data folder's root key)
  --json      prints the answer as JSON`;

export interface RemoteValues {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
}

/** Calls a service of the running server; failures become one line. */
export async function callRemote<S extends DescService, T>(
  service: S,
  values: RemoteValues,
  io: CommandIo,
  call: (client: Client<S>) => Promise<T>,
): Promise<T> {
  const baseUrl = values.url ?? io.env.CAIRN_URL ?? "http://127.0.0.1:8080";
  if (!URL.canParse(baseUrl)) {
    throw new UsageError(`--url ${baseUrl} is no URL`);
  }
  const key = values.key ?? io.env.CAIRN_API_KEY ?? io.env.CAIRN_ROOT_KEY ?? keptRootKey(loadConfig(io.env).dataDir);
  if (!key) {
    throw new UsageError("no key: pass --key, or set CAIRN_API_KEY");
  }
  const authorize: Interceptor = (next) => (request) => {
    request.header.set("authorization", `Bearer ${key}`);
    return next(request);
  };
  const transport = createConnectTransport({ baseUrl, httpVersion: "1.1", interceptors: [authorize] });
  try {
    return await call(createClient(service, transport));
  } catch (error) {
    throw remoteFailure(error, baseUrl);
  }
}

function remoteFailure(error: unknown, baseUrl: string): unknown {
  if (!(error instanceof ConnectError)) {
    return error;
  }
  const unreachable = error.code === Code.Unavailable && error.details.length === 0;
  return new RemoteFailure(
    unreachable ? `no server answers at ${baseUrl}: start one with "cairn serve"` : error.message,
    { cause: error },
  );
}
