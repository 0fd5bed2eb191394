import { randomBytes } from "node:crypto";
import { Writable } from "node:stream";
import type { Interceptor } from "@connectrpc/connect";
import { pino } from "pino";
import { startApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import type { TenancyMode } from "../../src/storage/engine/tenancy.ts";
import type { EngineName } from "./engines.ts";
import { type FreshDatabase, freshDatabase } from "./fresh-database.ts";

/** The assembled application behind a real socket, on a database of its own. */
export interface ServedApp {
  readonly engine: EngineName;
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly port: number;
  /** All scopes, operator among them; workspace `default`. */
  readonly rootKey: string;
  readonly database: FreshDatabase;
  /** What it has logged so far, one object a line. */
  readonly lines: readonly LogLine[];
  /** Stops it, and erases the database where it was made for this app. */
  close(): Promise<void>;
}

export interface LogLine {
  readonly level: number | string;
  readonly msg?: string;
  readonly method?: string;
  readonly code?: string;
  readonly [field: string]: unknown;
}

export interface ServedAppOptions {
  /** Variables beside PORT and the root key. */
  readonly env?: Readonly<Record<string, string>>;
  readonly tenancy?: TenancyMode;
  /** Innermost of the chain of every native call. */
  readonly interceptors?: readonly Interceptor[];
  /** Where another app serves already. Default: a fresh one, erased at close. */
  readonly database?: FreshDatabase;
  /** Default: a random one. Two apps on one database share it. */
  readonly rootKey?: string;
}

export async function serveApp(engine: EngineName, options: ServedAppOptions = {}): Promise<ServedApp> {
  const database = options.database ?? (await freshDatabase(engine));
  const rootKey = options.rootKey ?? `cairn_root${randomBytes(20).toString("hex")}`;
  const env = {
    PORT: "0",
    CAIRN_ROOT_KEY: rootKey,
    DATABASE_POOL_SIZE: "8",
    DATABASE_POOL_WAIT_MS: "20000",
    ...(database.url === null ? {} : { DATABASE_URL: database.url }),
    ...options.env,
  };
  const lines: LogLine[] = [];
  const overrides = {
    ...(options.tenancy ? { tenancy: options.tenancy } : {}),
    ...(options.interceptors ? { interceptors: options.interceptors } : {}),
    ...(database.template ? { template: database.template } : {}),
    ...(database.url === null ? { dataDir: null } : {}),
  };
  const app = await startApp(loadConfig(env), pino({ level: "info" }, lineSink(lines)), overrides);
  return {
    engine,
    url: app.url,
    port: app.port,
    rootKey,
    database,
    lines,
    close: async () => {
      await app.close();
      if (options.database === undefined) {
        await database.drop();
      }
    },
  };
}

function lineSink(lines: LogLine[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      for (const line of String(chunk).split("\n")) {
        if (line !== "") lines.push(JSON.parse(line) as LogLine);
      }
      done();
    },
  });
}

const ERROR_LEVEL = 50;

/** Lines at level error or worse: none is expected of any call, however bad its input. */
export function errorLines(app: ServedApp): readonly LogLine[] {
  return app.lines.filter(
    (line) => line.level === "error" || line.level === "fatal" || Number(line.level) >= ERROR_LEVEL,
  );
}
