import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pino } from "pino";
import { type App, startApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import type { EngineName } from "../app/engines.ts";
import { type FreshDatabase, freshDatabase } from "../app/fresh-database.ts";

type Env = Readonly<Record<string, string>>;

/** A database that outlives the apps on it, so that they can be started again with another provider. */
export class RestartableApp {
  readonly engine: EngineName;
  readonly rootKey = `cairn_root${randomBytes(20).toString("hex")}`;
  /** Everything that the apps logged at level warn or worse. */
  readonly lines: string[] = [];
  #database: FreshDatabase | null = null;
  #folder: string | null = null;
  readonly #apps = new Set<App>();

  constructor(engine: EngineName) {
    this.engine = engine;
  }

  /** For a server in a process of its own, and for apps here. */
  async env(more: Env = {}): Promise<Env> {
    const base = { PORT: "0", CAIRN_ROOT_KEY: this.rootKey, DATABASE_POOL_SIZE: "8", DATABASE_POOL_WAIT_MS: "20000" };
    if (this.engine === "pglite") {
      this.#folder ??= mkdtempSync(join(tmpdir(), "cairn-generations-"));
      return { ...base, CAIRN_DATA_DIR: this.#folder, ...more };
    }
    this.#database ??= await freshDatabase(this.engine);
    return { ...base, DATABASE_URL: this.#database.url as string, ...more };
  }

  /** On Postgres several may serve at once. */
  async start(more: Env = {}): Promise<App> {
    const write = (chunk: unknown, _encoding: string, done: () => void) => {
      this.lines.push(String(chunk));
      done();
    };
    const app = await startApp(loadConfig(await this.env(more)), pino({ level: "warn" }, new Writable({ write })));
    this.#apps.add(app);
    return app;
  }

  async stop(app: App): Promise<void> {
    this.#apps.delete(app);
    await app.close();
  }

  async close(): Promise<void> {
    for (const app of this.#apps) await app.close();
    await this.#database?.drop();
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Variables that name the fake provider. */
export function openAi(url: string, dimensions: number, model = "fake-a"): Env {
  return {
    EMBEDDING_PROVIDER: "openai",
    EMBEDDING_URL: url,
    EMBEDDING_MODEL: model,
    EMBEDDING_DIMENSIONS: String(dimensions),
  };
}
