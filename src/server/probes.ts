import type { OutgoingHttpHeaders } from "node:http";
import type { Exchange } from "./exchange.ts";
import type { Page } from "./listener-options.ts";
import type { Logger } from "./logger.ts";
import type { Readiness } from "./readiness.ts";

const PLAIN = "text/plain; charset=utf-8";
const METRICS = "text/plain; version=0.0.4; charset=utf-8";

const WATCHED: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

type Answer = { readonly status: number; readonly contentType: string; readonly body: string | Uint8Array };

/** What answers GET and HEAD without being an RPC: static pages, /healthz, /readyz and /metrics. */
export class Probes {
  readonly #answers = new Map<string, () => Answer | Promise<Answer>>();
  readonly #logger: Logger;

  constructor(
    pages: ReadonlyMap<string, Page> | undefined,
    metrics: (() => Promise<string>) | undefined,
    readiness: Readiness,
    logger: Logger,
  ) {
    this.#logger = logger;
    for (const [path, page] of pages ?? []) {
      this.#answers.set(path, () => ({ status: 200, ...page }));
    }
    this.#answers.set("/healthz", () => ({ status: 200, contentType: PLAIN, body: "ok\n" }));
    this.#answers.set("/readyz", async () =>
      (await readiness.now())
        ? { status: 200, contentType: PLAIN, body: "ready\n" }
        : { status: 503, contentType: PLAIN, body: "not ready\n" },
    );
    if (metrics) {
      this.#answers.set("/metrics", async () => ({ status: 200, contentType: METRICS, body: await metrics() }));
    }
  }

  /** True of what tells how the server does; static pages apart. */
  watches(path: string): boolean {
    return WATCHED.has(path) && this.has(path);
  }

  has(path: string): boolean {
    return this.#answers.has(path);
  }

  async serve(exchange: Exchange): Promise<void> {
    if (exchange.method !== "GET" && exchange.method !== "HEAD") {
      this.#send(exchange, { status: 405, contentType: PLAIN, body: "only GET and HEAD\n" }, { allow: "GET, HEAD" });
      return;
    }
    try {
      this.#send(exchange, await this.#answers.get(exchange.path)!());
    } catch (error) {
      this.#logger.error({ err: error, path: exchange.path }, "a page failed");
      this.#send(exchange, { status: 500, contentType: PLAIN, body: "internal error\n" });
    }
  }

  #send(exchange: Exchange, answer: Answer, headers: OutgoingHttpHeaders = {}): void {
    const body = typeof answer.body === "string" ? Buffer.from(answer.body) : answer.body;
    exchange.answer(answer.status, { "content-type": answer.contentType, ...headers }, body);
  }
}
