import { once } from "node:events";
import { type ClientHttp2Session, connect } from "node:http2";
import { serveJobs } from "./worker.ts";

/** Calls of one gRPC method over raw HTTP/2, their bytes encoded before: the client costs as little as it can. */
export interface GrpcJob {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly path: string;
  readonly authorization: string;
  /** Framed requests, sent in turn from `from` on, over and over. */
  readonly frames: readonly Uint8Array[];
  readonly from: number;
  /** Ends after so many calls, or after so many seconds. */
  readonly count: number | null;
  readonly seconds: number | null;
  readonly connections: number;
  /** Calls at one time, over all connections. */
  readonly inFlight: number;
  readonly keepBodies: boolean;
}

export interface GrpcResult {
  readonly calls: number;
  readonly seconds: number;
  /** Milliseconds, in the order that the calls ended. */
  readonly latencies: Float64Array;
  /** In the order of the calls; empty unless they were to be kept. */
  readonly bodies: readonly Uint8Array[];
}

serveJobs<GrpcJob, GrpcResult>(async (job) => {
  const sessions = await Promise.all(Array.from({ length: job.connections }, () => open(job.url)));
  const latencies: number[] = [];
  const bodies: Uint8Array[] = [];
  const began = performance.now();
  const deadline = job.seconds === null ? Number.POSITIVE_INFINITY : began + job.seconds * 1000;
  let next = 0;
  const caller = async (session: ClientHttp2Session) => {
    while (next < (job.count ?? Number.POSITIVE_INFINITY) && performance.now() < deadline) {
      const at = next++;
      const started = performance.now();
      const body = await call(session, job, job.frames[(job.from + at) % job.frames.length] as Uint8Array);
      latencies.push(performance.now() - started);
      if (job.keepBodies) bodies[at] = body;
    }
  };
  try {
    const callers = Array.from({ length: job.inFlight }, (_, at) =>
      caller(sessions[at % sessions.length] as ClientHttp2Session),
    );
    await Promise.all(callers);
    const seconds = (performance.now() - began) / 1000;
    return { calls: latencies.length, seconds, latencies: Float64Array.from(latencies), bodies };
  } finally {
    for (const session of sessions) session.close();
  }
});

async function open(url: string): Promise<ClientHttp2Session> {
  const session = connect(url, { settings: { initialWindowSize: 1 << 20 } });
  await once(session, "connect");
  session.setMaxListeners(0);
  return session;
}

function call(session: ClientHttp2Session, job: GrpcJob, bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": job.path,
      "content-type": "application/grpc",
      te: "trailers",
      authorization: job.authorization,
    });
    const chunks: Uint8Array[] = [];
    let status: unknown;
    let message: unknown;
    const read = (headers: Record<string, unknown>) => {
      status = headers["grpc-status"] ?? status;
      message = headers["grpc-message"] ?? message;
    };
    stream.on("response", read);
    stream.on("trailers", read);
    stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("close", () => {
      if (status === "0") resolve(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks));
      else reject(new Error(`gRPC status ${String(status)}: ${decodeURIComponent(String(message))}`));
    });
    stream.end(bytes);
  });
}
