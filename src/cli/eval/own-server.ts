import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../config.ts";
import { createLog } from "../../system/json-log.ts";
import type { CommandIo } from "../command.ts";
import type { RemoteAddress } from "../remote.ts";

/** A server that an evaluation has for itself. */
export interface OwnServer extends RemoteAddress {
  /** `postgres` or `pglite`. */
  readonly engine: string;
  /** Stops it and erases its database. */
  close(): Promise<void>;
}

/** Variables that say how a server is reached; ours is reached by us alone. */
const NOT_TAKEN_OVER = ["TLS_CERT_FILE", "TLS_KEY_FILE", "CORS_ORIGINS", "CAIRN_ROOT_KEY"];

/**
 * Serves from this process, with the environment's configuration, on a database that is made for it: on the server of
 * DATABASE_URL, else the embedded one in a temporary folder. What the environment's own database holds is never touched.
 * @param provider instead of EMBEDDING_PROVIDER
 */
export async function startOwnServer(io: CommandIo, provider: string | undefined): Promise<OwnServer> {
  const key = `cairn_eval${randomBytes(20).toString("hex")}`;
  const folder = mkdtempSync(join(tmpdir(), "cairn-eval-"));
  const closing: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const step of closing.toReversed()) await step();
  };
  try {
    const env = {
      ...Object.fromEntries(Object.entries(io.env).filter(([name]) => !NOT_TAKEN_OVER.includes(name))),
      ...{ HOST: "127.0.0.1", PORT: "0", CAIRN_DATA_DIR: folder, CAIRN_ROOT_KEY: key },
      LOG_LEVEL: io.env.LOG_LEVEL ?? "warn",
      ...(provider === undefined ? {} : { EMBEDDING_PROVIDER: provider }),
    };
    const { databaseUrl } = loadConfig(env);
    const database = databaseUrl === null ? null : await temporaryDatabase(databaseUrl);
    if (database !== null) closing.push(() => database.drop());
    const { startApp } = await import("../../app.ts");
    const config = loadConfig({ ...env, DATABASE_URL: database?.url });
    const app = await startApp(config, createLog(config.logLevel));
    closing.push(() => app.close());
    return { baseUrl: app.url, key, engine: app.engine, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function temporaryDatabase(databaseUrl: string) {
  // Loaded here alone: an evaluation of a running server needs no driver.
  const { createTemporaryDatabase } = await import("../../storage/engine/temporary-database.ts");
  return createTemporaryDatabase(databaseUrl, "eval");
}
