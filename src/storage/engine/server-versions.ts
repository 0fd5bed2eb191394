import { StartupFailure } from "./startup-failure.ts";

/** What a Postgres server has; `vector` is null where it has no pgvector. */
export interface ServerVersions {
  /** As in `server_version_num`, such as 170011. */
  readonly postgres: number;
  readonly vector: string | null;
}

const OLDEST_POSTGRES = 15;

/** Throws StartupFailure below Postgres 15 or pgvector 0.8; answers a warning below pgvector 0.8.4, else null. */
export function checkVersions({ postgres, vector }: ServerVersions): string | null {
  const major = Math.floor(postgres / 10_000);
  if (major < OLDEST_POSTGRES) {
    throw new StartupFailure(`Postgres ${OLDEST_POSTGRES} or newer is needed; this is ${major}`);
  }
  if (vector === null) {
    throw new StartupFailure(
      "the server has no pgvector; install the extension `vector`, 0.8 or newer (0.8.4 advised)",
    );
  }
  const [first = 0, second = 0, third = 0] = vector.split(".").map(Number);
  const rank = (first * 1000 + second) * 1000 + third;
  if (rank < 8_000) {
    throw new StartupFailure(`pgvector 0.8 or newer is needed; this is ${vector}`);
  }
  return rank < 8_004 ? `pgvector ${vector} has known faults in HNSW indexes; 0.8.4 or newer is advised` : null;
}
