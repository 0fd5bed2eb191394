import { createClient } from "@connectrpc/connect";

/**
 * Connect's own client of a service, except that leaving a server's stream early cancels it on the server: the stock one reads on to the end,
 * unseen.
 */
export function serviceClient(service, transport) {
  const client = createClient(service, transport);
  for (const method of service.methods.filter((one) => one.methodKind === "server_streaming")) {
    const stock = client[method.localName];
    client[method.localName] = (request, options) => cancelling(stock, request, options);
  }
  return client;
}

/** Begins the call when the first message is asked for. */
async function* cancelling(call, request, options) {
  const controller = new AbortController();
  const abort = () => controller.abort(options?.signal?.reason);
  if (options?.signal?.aborted) abort();
  options?.signal?.addEventListener("abort", abort, { once: true });
  try {
    yield* call(request, { ...options, signal: controller.signal });
  } finally {
    options?.signal?.removeEventListener("abort", abort);
    controller.abort();
  }
}
