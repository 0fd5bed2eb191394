import { createClient } from "@connectrpc/connect";
import { leavable } from "./leavable.js";
import { linkedController } from "./linked-signal.js";
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
function cancelling(call, request, options) {
    let controller;
    let isLeft = false;
    async function* read() {
        const own = linkedController(options?.signal);
        controller = own;
        try {
            yield* call(request, { ...options, signal: own.signal });
        }
        catch (error) {
            if (!isLeft)
                throw error;
        }
        finally {
            own.abort();
        }
    }
    return leavable(read(), () => {
        isLeft = true;
        controller?.abort();
    });
}
