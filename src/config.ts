import { EnvReader } from "./config-reader.ts";
import { isWebOrigin, ORIGIN_FORM } from "./web-origin.ts";

/** Everything that the environment decides, frozen. `VARIABLES` says what each variable means. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly embeddedDurability: "full" | "relaxed";
  /** Valid side by side; none: the server makes one. */
  readonly rootKeys: readonly string[];
  readonly logLevel: string;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  readonly corsOrigins: readonly string[];
  readonly embedding: {
    readonly provider: "static" | "openai" | "transformers" | "none";
    /** Folder of a sentence transformer, which `transformers` needs. */
    readonly modelDir: string | null;
    readonly url: string;
    readonly apiKey: string | null;
    readonly model: string;
    readonly dimensions: number;
    readonly timeoutMs: number;
    readonly budgetMs: number;
    readonly batchSize: number;
    /** Calls of the endpoint at one time. */
    readonly concurrency: number;
    /** Who makes the configured model's generation the active one once it is complete. */
    readonly activation: "auto" | "manual";
    /** The endpoint was configured, whichever provider is: it may be asked for the model of an older generation. */
    readonly isReachable: boolean;
  };
  readonly limits: {
    readonly requestBytes: number;
    readonly batchBytes: number;
    readonly concurrentStreams: number;
    readonly connections: number;
    readonly bufferedBytes: number;
    readonly unaryTimeoutMs: number;
    readonly streamTimeoutMs: number;
    readonly idleTimeoutMs: number;
    readonly shutdownGraceMs: number;
    readonly poolSize: number;
    readonly poolWaitMs: number;
    readonly sweepIntervalMs: number;
  };
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
const DURABILITIES = ["full", "relaxed"] as const;
const PROVIDERS = ["static", "openai", "transformers", "none"] as const;
const OPENAI_URL = "https://api.openai.com/v1";
const ACTIVATIONS = ["auto", "manual"] as const;
const LEAST_ROOT_KEY = /^[\x21-\x7e]{20,200}$/;
const HEADER_VALUE = /^[\x21-\x7e]{1,2000}$/;
/** A name, or an address of either family, without brackets. */
const HOST = /^([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|[0-9A-Fa-f.:]*:[0-9A-Fa-f.:]*(%[\w.-]+)?)$/;
/** No text of control characters or of nothing but spaces. */
const MODEL_NAME = /^(?! *$)\P{C}{1,200}$/u;

/** Reads the environment. Throws one ConfigError that names every fault. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const read = new EnvReader(env);
  const config: Config = {
    host: hostOf(read),
    port: read.integer("PORT", 8080, 0, 65_535),
    databaseUrl: databaseUrlOf(read),
    dataDir: read.path("CAIRN_DATA_DIR", ".cairn"),
    embeddedDurability: read.oneOf("EMBEDDED_DURABILITY", DURABILITIES, "full"),
    rootKeys: read.listMatching("CAIRN_ROOT_KEY", LEAST_ROOT_KEY, "must be 20 to 200 visible ASCII characters each"),
    logLevel: read.oneOf("LOG_LEVEL", LOG_LEVELS, "info"),
    tls: tlsOf(read),
    corsOrigins: corsOriginsOf(read),
    embedding: embeddingOf(read),
    limits: {
      requestBytes: read.integer("MAX_REQUEST_BYTES", 1_048_576, 1024, 67_108_864),
      batchBytes: read.integer("MAX_BATCH_BYTES", 4_194_304, 1024, 67_108_864),
      concurrentStreams: read.integer("MAX_CONCURRENT_STREAMS", 250, 1, 100_000),
      connections: read.integer("MAX_CONNECTIONS", 1000, 0, 1_000_000),
      bufferedBytes: read.integer("MAX_BUFFERED_BYTES", 67_108_864, 1_048_576, 68_719_476_736),
      unaryTimeoutMs: read.integer("UNARY_TIMEOUT_MS", 30_000, 100, 3_600_000),
      streamTimeoutMs: read.integer("STREAM_TIMEOUT_MS", 300_000, 100, 86_400_000),
      idleTimeoutMs: read.integer("IDLE_TIMEOUT_MS", 300_000, 1000, 86_400_000),
      shutdownGraceMs: read.integer("SHUTDOWN_GRACE_MS", 10_000, 0, 300_000),
      poolSize: read.integer("DATABASE_POOL_SIZE", 20, 2, 1000),
      poolWaitMs: read.integer("DATABASE_POOL_WAIT_MS", 5000, 1, 300_000),
      sweepIntervalMs: read.integer("SWEEP_INTERVAL_MS", 60_000, 100, 86_400_000),
    },
  };
  read.finish();
  return deepFreeze(config);
}

function hostOf(read: EnvReader): string {
  return read.matching("HOST", HOST, "must be a host name or an IP address, without port or brackets") ?? "127.0.0.1";
}

function databaseUrlOf(read: EnvReader): string | null {
  // The driver decodes what stands between the signs, and fails at a percent sign that begins no character.
  const decodes = ({ username, password, pathname }: URL) =>
    !/%(?![0-9A-Fa-f]{2})/.test([username, password, pathname].join(" "));
  const example = "postgres://user:password@host:5432/database";
  return read.url("DATABASE_URL", ["postgres:", "postgresql:"], example, decodes);
}

function corsOriginsOf(read: EnvReader): readonly string[] {
  const origins = read.list("CORS_ORIGINS");
  const others = origins.filter((origin) => origin !== "*" && !isWebOrigin(origin));
  if (others.length > 0) {
    // What has an @ may hold a password.
    const shown = others.map((one) => (one.includes("@") ? "one with @" : one)).join(", ");
    read.fault("CORS_ORIGINS", `must be \`*\` or ${ORIGIN_FORM}; not ${shown}`);
  }
  return origins;
}

function tlsOf(read: EnvReader): Config["tls"] {
  const certFile = read.path("TLS_CERT_FILE", "");
  const keyFile = read.path("TLS_KEY_FILE", "");
  if ((certFile === "") !== (keyFile === "")) {
    read.fault(certFile === "" ? "TLS_CERT_FILE" : "TLS_KEY_FILE", "goes with the other TLS variable");
  }
  return certFile === "" ? null : { certFile, keyFile };
}

function embeddingOf(read: EnvReader): Config["embedding"] {
  const provider = read.oneOf("EMBEDDING_PROVIDER", PROVIDERS, "static");
  const modelDir = read.path("CAIRN_MODEL_DIR", "") || null;
  if (provider === "transformers" && modelDir === null) {
    read.fault("CAIRN_MODEL_DIR", "is needed by EMBEDDING_PROVIDER=transformers");
  }
  const isBare = ({ username, password, search, hash }: URL) => `${username}${password}${search}${hash}` === "";
  const example = `${OPENAI_URL}, without credentials, query and fragment`;
  const url = read.url("EMBEDDING_URL", ["http:", "https:"], example, isBare) ?? OPENAI_URL;
  const apiKey = read.matching("EMBEDDING_API_KEY", HEADER_VALUE, "must be visible ASCII characters, without spaces");
  const embedding = {
    provider,
    modelDir,
    url,
    apiKey,
    isReachable: provider === "openai" || url !== OPENAI_URL || apiKey !== null,
    model: read.matching("EMBEDDING_MODEL", MODEL_NAME, "must be the name of a model") ?? "text-embedding-3-small",
    dimensions: read.integer("EMBEDDING_DIMENSIONS", 1536, 8, 4000),
    timeoutMs: read.integer("EMBEDDING_TIMEOUT_MS", 10_000, 10, 300_000),
    budgetMs: read.integer("EMBEDDING_BUDGET_MS", 250, 0, 30_000),
    batchSize: read.integer("EMBEDDING_BATCH_SIZE", 64, 1, 2048),
    concurrency: read.integer("EMBEDDING_CONCURRENCY", 4, 1, 256),
    activation: read.oneOf("EMBEDDING_ACTIVATION", ACTIVATIONS, "auto"),
  };
  return embedding;
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === "object" && inner !== null) {
      deepFreeze(inner);
    }
  }
  return Object.freeze(value);
}

/** What each variable means, for the README's table and `cairn serve --help`. */
export const VARIABLES: Readonly<Record<string, { readonly default: string; readonly meaning: string }>> = {
  PORT: { default: "8080", meaning: "TCP port; 0 takes a free one." },
  HOST: { default: "127.0.0.1", meaning: "Address to listen on; `0.0.0.0` for every interface." },
  DATABASE_URL: { default: "", meaning: "Postgres ≥ 15 with pgvector ≥ 0.8. Empty: the embedded database." },
  CAIRN_DATA_DIR: {
    default: ".cairn",
    meaning: "Folder of the embedded database and of a root key that the server made; on a local disk, mode 0700.",
  },
  EMBEDDED_DURABILITY: {
    default: "full",
    meaning:
      "Embedded database: `full` has a write on the disk when it answers; `relaxed` is faster and may lose the last half minute, or the folder, in a power cut.",
  },
  CAIRN_ROOT_KEY: {
    default: "",
    meaning:
      "Root key, 20 to 200 characters; several, comma-separated, are valid side by side. A start ends every former one. Empty: made at first start, printed once and kept in the data folder.",
  },
  LOG_LEVEL: { default: "info", meaning: "`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`." },
  TLS_CERT_FILE: { default: "", meaning: "PEM certificate chain; with TLS_KEY_FILE the port speaks TLS." },
  TLS_KEY_FILE: { default: "", meaning: "PEM private key." },
  CORS_ORIGINS: {
    default: "",
    meaning: "Origins whose pages may call, such as `https://app.example.com`, comma-separated, or `*`. Empty: none.",
  },
  EMBEDDING_PROVIDER: {
    default: "static",
    meaning:
      "`static` (built in), `openai` (any OpenAI-compatible endpoint), `transformers` (the ONNX model in CAIRN_MODEL_DIR) or `none` (words alone).",
  },
  CAIRN_MODEL_DIR: {
    default: "",
    meaning:
      "Folder of a BERT-uncased sentence transformer: `model.onnx` and `vocab.txt`. Needs the package onnxruntime-node.",
  },
  EMBEDDING_URL: {
    default: OPENAI_URL,
    meaning: "Base URL of the endpoint; `/embeddings` is appended.",
  },
  EMBEDDING_API_KEY: { default: "", meaning: "Bearer key of the endpoint." },
  EMBEDDING_MODEL: { default: "text-embedding-3-small", meaning: "Model of the endpoint." },
  EMBEDDING_DIMENSIONS: { default: "1536", meaning: "Dimensions of its vectors, 8 to 4,000." },
  EMBEDDING_TIMEOUT_MS: { default: "10000", meaning: "Time limit of one call of the endpoint." },
  EMBEDDING_BUDGET_MS: {
    default: "250",
    meaning: "How long a write waits for a vector before it is left to the worker.",
  },
  EMBEDDING_BATCH_SIZE: { default: "64", meaning: "Texts a call of the endpoint." },
  EMBEDDING_CONCURRENCY: { default: "4", meaning: "Calls of the endpoint at one time." },
  EMBEDDING_ACTIVATION: {
    default: "auto",
    meaning:
      "After a change of the model: `auto` uses its vectors once they are complete, `manual` waits for `cairn embeddings activate`.",
  },
  MAX_REQUEST_BYTES: { default: "1048576", meaning: "Largest request message, after decompression." },
  MAX_BATCH_BYTES: { default: "4194304", meaning: "The same for BatchWriteMemories." },
  MAX_CONCURRENT_STREAMS: { default: "250", meaning: "Calls at one time on one HTTP/2 connection." },
  MAX_CONNECTIONS: { default: "1000", meaning: "Connections at one time; more are closed on arrival. 0: no limit." },
  MAX_BUFFERED_BYTES: {
    default: "67108864",
    meaning:
      "Request bytes held at one time, of one key a quarter; a call waits 5 s for room, then RESOURCE_EXHAUSTED.",
  },
  UNARY_TIMEOUT_MS: {
    default: "30000",
    meaning: "Longest time of a unary call; a caller's own deadline may be shorter.",
  },
  STREAM_TIMEOUT_MS: { default: "300000", meaning: "The same for a stream." },
  IDLE_TIMEOUT_MS: { default: "300000", meaning: "How long an idle HTTP/2 connection stays open." },
  SHUTDOWN_GRACE_MS: { default: "10000", meaning: "How long running calls may take to finish after SIGTERM." },
  DATABASE_POOL_SIZE: { default: "20", meaning: "Postgres connections." },
  DATABASE_POOL_WAIT_MS: {
    default: "5000",
    meaning: "How long a call waits for a connection before RESOURCE_EXHAUSTED.",
  },
  SWEEP_INTERVAL_MS: { default: "60000", meaning: "Pause between two sweeps of what is past its retention." },
};
