import type { TenancyMode } from "../../src/storage/engine/tenancy.ts";
import { openStorage } from "../../src/storage/open-storage.ts";
import type { Storage } from "../../src/storage/storage.ts";
import type { EngineName } from "../app/engines.ts";
import { freshDatabase } from "../app/fresh-database.ts";
import { builtInEmbedder } from "../embeddings/built-in-embedder.ts";

export interface Database {
  readonly storage: Storage;
  /** Null on PGlite. */
  readonly url: string | null;
  close(): Promise<void>;
}

/** A migrated database of its own, with generation 1 of the built-in embedder, gone after `close`. */
export async function openDatabase(engine: EngineName, tenancy: TenancyMode = "both"): Promise<Database> {
  const { url, template, drop } = await freshDatabase(engine);
  const options = { databaseUrl: url, dataDir: null, poolSize: 4, tenancy };
  const storage = await openStorage(template ? { ...options, template } : options);
  await storage.embeddingQueue.ensureGeneration(builtInEmbedder.model, builtInEmbedder.dimensions);
  return {
    storage,
    url,
    close: async () => {
      await storage.close();
      await drop();
    },
  };
}
