import type { DescMethodServerStreaming, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { type CallOptions, type Client, type Transport } from "@connectrpc/connect";
/** What Connect makes of a service, with the streams as generators, whose `return` ends the call. */
export type ServiceClient<S extends DescService> = {
    [Name in keyof Client<S>]: S["method"][Name] extends DescMethodServerStreaming<infer I, infer O> ? (request: MessageInitShape<I>, options?: CallOptions) => AsyncGenerator<MessageShape<O>, void, undefined> : Client<S>[Name];
};
/**
 * Connect's own client of a service, except that leaving a server's stream early cancels it on the server: the stock one reads on to the end,
 * unseen.
 */
export declare function serviceClient<S extends DescService>(service: S, transport: Transport): ServiceClient<S>;
