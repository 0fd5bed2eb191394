/** What one client may cost. Every limit is always set; `defaultLimits` are the values of a server on the open network. */
export interface Limits {
  /** Bytes of one request message, decompressed; beyond: RESOURCE_EXHAUSTED, over REST 413. Default 1 MiB. */
  readonly readMaxBytes: number;
  /** The same for single methods, by `package.Service/Method`. Default none. */
  readonly readMaxBytesOf: Readonly<Record<string, number>>;
  /** Streams that one HTTP/2 connection may have open at once. Default 256. */
  readonly maxConcurrentStreams: number;
  /** Bytes of request bodies that callers may make the process hold at once. Default 64 MiB. */
  readonly bodyBytes: number;
  /** Milliseconds that a body waits for room among them before RESOURCE_EXHAUSTED. Default 5,000. */
  readonly bodyWaitMs: number;
  /** Requests open at once, in the process, of callers who have shown no valid key; more are turned away. Default 128. */
  readonly strangers: number;
  /** Of these, requests of one connection. Default 32. */
  readonly strangersOfOne: number;
  /** Milliseconds until such a request is cut off, answered or not. Default 30,000. */
  readonly strangerMs: number;
  /** Milliseconds that its answer may wait for its reader while half of the places are taken. Default 1,000. */
  readonly strangerUnreadMs: number;
  /** Streams of health and reflection open at once in the process, which need no key. Default 128. */
  readonly openStreams: number;
  /** Bytes of one of their messages. Default 16 KiB. */
  readonly openReadMaxBytes: number;
  /** Connections at once; more are closed on arrival. 0: as many as the system allows. Default 1,000. */
  readonly maxConnections: number;
  /** Bytes of a request's header. Default 16 KiB. */
  readonly maxHeaderBytes: number;
  /** Milliseconds until the first bytes tell HTTP/1.1 from HTTP/2. Default 5,000. */
  readonly sniffTimeoutMs: number;
  /** Milliseconds until a request's header is complete. Default 10,000. */
  readonly headersTimeoutMs: number;
  /** Milliseconds until a request's body is complete, client streams apart. Default 30,000. */
  readonly requestTimeoutMs: number;
  /** Milliseconds between checks of the two timeouts above on HTTP/1.1. Default 1,000. */
  readonly checkIntervalMs: number;
  /** Milliseconds that an idle HTTP/1.1 connection stays open. Default 65,000, above the usual 60 s of load balancers. */
  readonly keepAliveTimeoutMs: number;
  /** Milliseconds that an HTTP/2 connection without a stream stays open. Default 300,000. */
  readonly idleTimeoutMs: number;
  /** Milliseconds between pings on HTTP/2 connections. Default 30,000. */
  readonly pingIntervalMs: number;
  /** Milliseconds until a connection whose ping has no answer is closed. Default 10,000. */
  readonly pingTimeoutMs: number;
  /** Longest time, in milliseconds, of a unary call; its caller may name a shorter one. Default 30,000. */
  readonly unaryDeadlineMs: number;
  /** Longest time, in milliseconds, of a stream; its caller may name a shorter one. Default 300,000. */
  readonly streamDeadlineMs: number;
  /** Milliseconds after which a response whose reader accepts nothing is ended. Default 30,000. */
  readonly writeStallMs: number;
  /** Bytes from which a response is compressed where the client can read that. Default 64 KiB. */
  readonly compressMinBytes: number;
  /** Stream resets that a client may send at once before its connection is closed. Default 2,000. */
  readonly streamResetBurst: number;
  /** Stream resets a second that are always allowed. Default 200. */
  readonly streamResetRate: number;
}

export const defaultLimits: Limits = Object.freeze({
  readMaxBytes: 1 << 20,
  readMaxBytesOf: Object.freeze({}),
  maxConcurrentStreams: 256,
  bodyBytes: 64 << 20,
  bodyWaitMs: 5_000,
  strangers: 128,
  strangersOfOne: 32,
  strangerMs: 30_000,
  strangerUnreadMs: 1_000,
  openStreams: 128,
  openReadMaxBytes: 16 << 10,
  maxConnections: 1_000,
  maxHeaderBytes: 16 << 10,
  sniffTimeoutMs: 5_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  checkIntervalMs: 1_000,
  keepAliveTimeoutMs: 65_000,
  idleTimeoutMs: 300_000,
  pingIntervalMs: 30_000,
  pingTimeoutMs: 10_000,
  unaryDeadlineMs: 30_000,
  streamDeadlineMs: 300_000,
  writeStallMs: 30_000,
  compressMinBytes: 64 << 10,
  streamResetBurst: 2_000,
  streamResetRate: 200,
});

/** The most that any request may have, whatever its method. */
export function largestReadMaxBytes(limits: Limits): number {
  return Math.max(limits.readMaxBytes, ...Object.values(limits.readMaxBytesOf));
}
