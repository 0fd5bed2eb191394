import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { CallLog, CallRecord } from "../rpc/call-log.ts";

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const MS_A_SECOND = 1000;

/** Prometheus metrics of the process and of its calls. No label has a value that a caller chooses. */
export class CallMetrics implements CallLog {
  readonly registry = new Registry();
  readonly #calls: Counter<"method" | "code" | "api">;
  readonly #seconds: Histogram<"method">;
  readonly #messages: Counter<"method">;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#calls = new Counter({
      name: "cairn_calls_total",
      help: "Finished calls by method, status code and API.",
      labelNames: ["method", "code", "api"],
      registers,
    });
    this.#seconds = new Histogram({
      name: "cairn_call_duration_seconds",
      help: "How long calls took, streams to their end.",
      labelNames: ["method"],
      buckets: SECONDS,
      registers,
    });
    this.#messages = new Counter({
      name: "cairn_stream_messages_total",
      help: "Messages that streams sent.",
      labelNames: ["method"],
      registers,
    });
  }

  finished(call: CallRecord): void {
    const { method, code, api } = call;
    this.#calls.inc({ method, code, api });
    this.#seconds.observe({ method }, call.durationMs / MS_A_SECOND);
    this.#messages.inc({ method }, call.messages);
  }

  /** A count that only grows, kept elsewhere and asked for at each scrape. */
  counter(name: string, help: string, value: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }

  /** Counts of the moment, asked for at each scrape. */
  gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }
}
