import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A load generator in a process of its own, which answers one message a job. */
export class Worker<Job, Result> {
  readonly #child: ChildProcess;

  /** `program` is the URL of a file that calls `serveJobs`. */
  constructor(program: URL) {
    this.#child = fork(program, { serialization: "advanced", execArgv: ["--disable-warning=ExperimentalWarning"] });
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** One job at a time. Rejects where the job failed or the process died. */
  async run(job: Job): Promise<Result> {
    const gone = new AbortController();
    const died = once(this.#child, "exit", { signal: gone.signal }).then(([code]) => {
      throw new Error(`a load generator ended with code ${code}`);
    });
    died.catch(() => {});
    try {
      this.#child.send(job as object);
      const [answer] = (await Promise.race([once(this.#child, "message", { signal: gone.signal }), died])) as [
        { result: Result } | { failure: string },
      ];
      if ("failure" in answer) throw new Error(answer.failure);
      return answer.result;
    } finally {
      gone.abort();
    }
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.disconnect();
    await ended;
  }
}

/** The worker's side: runs jobs until the parent lets go. */
export function serveJobs<Job, Result>(work: (job: Job) => Promise<Result>): void {
  process.on("message", (job: Job) => {
    work(job).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ failure: error instanceof Error ? (error.stack ?? error.message) : error }),
    );
  });
  process.once("disconnect", () => process.exit(0));
}
