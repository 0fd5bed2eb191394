import { Worker } from "node:worker_threads";
import type { Pooling } from "./model-folder.ts";

export interface OnnxWorkerData {
  /** Where onnxruntime-node lies. */
  readonly runtimeFile: string;
  readonly modelFile: string;
  readonly pooling: Pooling;
  /** Cores that one run may use. */
  readonly threads: number;
}

export interface OnnxJob {
  readonly id: number;
  readonly tokens: readonly number[];
}

export type OnnxAnswer =
  | { readonly id: number; readonly vector: Float32Array }
  | { readonly id: number; readonly problem: string };

interface Waiting {
  resolve(vector: Float32Array): void;
  reject(error: Error): void;
}

/** A model in a thread of its own. A thread that died is started anew by the next run. */
export class OnnxThread {
  readonly #data: OnnxWorkerData;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;

  constructor(data: OnnxWorkerData) {
    this.#data = data;
  }

  /**
   * The pooled vector of a text's token ids, at any length. Rejects with the runtime's own words where it fails, and with the
   * signal's reason where that is aborted; the run itself then goes on unheard.
   */
  async run(tokens: readonly number[], signal: AbortSignal): Promise<Float32Array> {
    signal.throwIfAborted();
    const worker = this.#worker ?? this.#start();
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Float32Array>();
    const giveUp = () => reject(signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
    this.#waiting.set(id, { resolve, reject });
    worker.ref();
    try {
      worker.postMessage({ id, tokens } satisfies OnnxJob);
      return await promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
      this.#waiting.delete(id);
      // A thread without work keeps no process alive.
      if (this.#waiting.size === 0) worker.unref();
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL("./onnx-worker.ts", import.meta.url), { workerData: this.#data });
    this.#worker = worker;
    worker.on("message", (answer: OnnxAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      if ("vector" in answer) waiting?.resolve(answer.vector);
      else waiting?.reject(new Error(answer.problem));
    });
    worker.on("error", (error) => this.#end(worker, error));
    worker.on("exit", (code) => this.#end(worker, new Error(`its thread ended with code ${code}`)));
    return worker;
  }

  #end(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(error);
  }
}
