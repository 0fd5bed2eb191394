import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { Interceptor } from "@connectrpc/connect";
import type { Logger } from "pino";
import { AgentService } from "../gen/server/cairn/v1/agent_service_pb.ts";
import { EmbeddingService } from "../gen/server/cairn/v1/embedding_service_pb.ts";
import { KeyService } from "../gen/server/cairn/v1/key_service_pb.ts";
import { MemoryService } from "../gen/server/cairn/v1/memory_service_pb.ts";
import { WorkspaceService } from "../gen/server/cairn/v1/workspace_service_pb.ts";
import { MemoryService as TrustpagerMemoryService } from "../gen/server/trustpager/v1/memory_pb.ts";
import { trustpagerService } from "./compat/trustpager/trustpager-service.ts";
import type { Config } from "./config.ts";
import { ConfigError } from "./config-reader.ts";
import { DomainError } from "./domain/failure.ts";
import { createEmbedder, type EmbeddingConfig, type LoadedEmbedders } from "./embedding/create-embedder.ts";
import { type Endpoint, embedderOfGeneration } from "./embedding/embedder-of-generation.ts";
import { ModelFailure } from "./embedding/model-failure.ts";
import { Slots } from "./embedding/slots.ts";
import { loadShippedModel } from "./embedding/static/shipped-model.ts";
import { staticEmbedder } from "./embedding/static/static-embedder.ts";
import type { StaticModel } from "./embedding/static/static-model.ts";
import { staticTokenModel } from "./embedding/static/static-token-model.ts";
import { transformersEmbedder } from "./embedding/transformers/transformers-embedder.ts";
import { type Admit, createGateway, type Gateway } from "./gateway/gateway.ts";
import { locateFault } from "./gateway/json-fault.ts";
import type { Admissions } from "./rpc/admission.ts";
import { createInProcessTransport, type MountedService, mount } from "./rpc/in-process-transport.ts";
import {
  admissions,
  type ChainDeps,
  dialectInterceptors,
  nativeInterceptors,
  nativeRoutes,
  nativeServices,
} from "./rpc/native-services.ts";
import { type Listener, startListener } from "./server/listener.ts";
import type { ListenerOptions } from "./server/listener-options.ts";
import { StartupFailure } from "./storage/engine/startup-failure.ts";
import type { TenancyMode } from "./storage/engine/tenancy.ts";
import { openStorage } from "./storage/open-storage.ts";
import type { Storage } from "./storage/storage.ts";
import { allOf, callLines } from "./system/call-lines.ts";
import { CallMetrics } from "./system/call-metrics.ts";
import { indexingLines, indexingMetrics } from "./system/indexing-report.ts";
import { createO200kCounter } from "./system/o200k-counter.ts";
import { type RootKey, rootKeyOf } from "./system/root-key.ts";
import { randomSecrets } from "./system/secret.ts";
import { StorageFullLog } from "./system/storage-full-log.ts";
import { systemClock } from "./system/system-clock.ts";
import { createUuidV7Source } from "./system/uuid-v7.ts";
import { Authenticator } from "./usecases/administration/authenticate.ts";
import { ensureRoot } from "./usecases/administration/manage-workspaces.ts";
import { sweepLoop } from "./usecases/administration/sweep.ts";
import { embeddingBackground } from "./usecases/embeddings/embedding-background.ts";
import { EmbeddingGenerations } from "./usecases/embeddings/embedding-generations.ts";
import { IndexingProgress } from "./usecases/embeddings/indexing-progress.ts";
import { embedForWrite } from "./usecases/memories/embed-for-write.ts";

/** A serving Cairn. */
export interface App {
  /** Where it answers, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  readonly rootKey: RootKey;
  /** `postgres` or `pglite`. */
  readonly engine: string;
  /** Resolves where the embedded database has ended for good: nothing can be served any more. */
  readonly ended: Promise<Error>;
  /** Stops serving within the configured grace, then the workers, then the database. */
  close(): Promise<void>;
}

/** What tests alone change. */
export interface AppOverrides {
  /** Takes one of the two isolation layers between workspaces away. */
  readonly tenancy?: TenancyMode;
  /** Keeps PGlite's data in memory. */
  readonly dataDir?: null;
  /** A dump of PGlite's data folder to start from, in place of an empty cluster. */
  readonly template?: Blob;
  /** Innermost of the chain of every native call: a server that misbehaves on request. */
  readonly interceptors?: readonly Interceptor[];
}

const NATIVE = [MemoryService, AgentService, KeyService, WorkspaceService, EmbeddingService];
const ERROR_DOMAIN = "cairn.v1";
const BATCH_METHOD = `${MemoryService.typeName}/${MemoryService.method.batchWriteMemories.name}`;
const READY_TIMEOUT_MS = 1000;
/** Small enough that a call on the embedded database never waits long behind one. */
const LOCAL_BUILD_BATCH = 100;
/** A sentence transformer may take a quarter of a second for a long text, and the worker's lease is half a minute. */
const TRANSFORMERS_BUILD_BATCH = 16;
const OPENAPI_FILE = new URL("../gen/openapi/openapi.json", import.meta.url);

/** Opens the database, makes what a first start needs, and serves. Throws StartupFailure or ConfigError: one clear line. */
export async function startApp(config: Config, log: Logger, overrides: AppOverrides = {}): Promise<App> {
  const ended = Promise.withResolvers<Error>();
  const storage = await openStorage({
    onEnd: ended.resolve,
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    durability: config.embeddedDurability,
    poolSize: config.limits.poolSize,
    poolWaitMs: config.limits.poolWaitMs,
    onWarning: (warning) => log.warn(warning),
    ...overrides,
  });
  try {
    const served = await serve(config, log, storage, overrides.interceptors ?? []);
    return { ...served, ended: ended.promise };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

async function serve(
  config: Config,
  log: Logger,
  storage: Storage,
  innermost: readonly Interceptor[],
): Promise<Omit<App, "ended">> {
  const ids = createUuidV7Source(systemClock);
  const full = new StorageFullLog(log, whereOf(config), isChange);
  const failed = (work: string) => (error: unknown) => {
    if (!full.takes(error)) log.error({ err: error, work }, "background work failed");
  };
  const model = await orRefuse(loadShippedModel());
  const loaded = await loadEmbedders(config.embedding, model);
  const generations = await openGenerations(config.embedding, log, storage, loaded, failed("generations"));
  const indexing = new IndexingProgress(indexingLines(log));
  const background = backgroundOf(config, log, storage, generations, failed, indexing);
  const { memories, agents, keys, workspaces, searches, embeddingQueue } = storage;
  const authenticator = new Authenticator({ keys, agents, secrets: randomSecrets, clock: systemClock });
  const native = {
    ...{ memories, agents, keys, workspaces, searches, embeddingQueue },
    ...{ ids, generations, generationStore: storage.generations },
    /** Another one after each change: whoever needs it twice takes a copy. */
    get embedding() {
      return generations.inUse;
    },
    tokens: staticTokenModel(model),
    tokenCounter: createO200kCounter(),
    clock: systemClock,
    secrets: randomSecrets,
    embedForWrite: embedForWrite(() => generations.wanted, config.embedding.budgetMs),
    onPending: () => background.wake(),
    forget: () => authenticator.forget(),
  };
  const rootKey = rootKeyOf(config.rootKeys, config.dataDir, randomSecrets, (warning) => log.warn(warning));
  await orRefuse(ensureRoot(native, { secrets: rootKey.secrets, endOthers: rootKey.file === null }));
  const metrics = new CallMetrics();
  const chainDeps = { ids, calls: allOf(callLines(log), full, metrics), authenticator };
  const chain = nativeInterceptors(chainDeps);
  const interceptors = [...chain, ...innermost];
  const services = nativeServices(native, interceptors);
  const listener = await listen(config, log, { storage, metrics, services, interceptors, chainDeps });
  metrics.gauge("cairn_unary_calls_running", "Unary calls that run right now.", () => listener.counts().unary);
  indexingMetrics(metrics, indexing);
  metrics.gauge("cairn_streams_running", "Streams that run right now.", () => listener.counts().streams);
  for (const loop of background.loops) {
    loop.start();
  }
  return {
    url: urlOf(config, listener),
    port: listener.port,
    rootKey,
    engine: storage.engine,
    async close() {
      await listener.close(config.limits.shutdownGraceMs);
      await Promise.all(background.loops.map((loop) => loop.stop()));
      await loaded.transformers?.close();
      await storage.close();
    },
  };
}

/** For the operator: without user and password. */
function whereOf({ databaseUrl, dataDir }: Config): string {
  if (databaseUrl === null) return dataDir;
  const { host, pathname } = new URL(databaseUrl);
  return host + pathname;
}

/** Of a native method. */
function isChange(name: string): boolean {
  const method = NATIVE.flatMap(({ methods }) => methods).find((one) => `${one.parent.typeName}/${one.name}` === name);
  return method?.idempotency !== MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
}

/** What can be loaded is loaded, whichever provider is configured: the generation in use may be another one's. */
async function loadEmbedders(config: Config["embedding"], model: StaticModel) {
  const { modelDir } = config;
  const transformers = modelDir === null ? null : await orRefuse(transformersEmbedder(modelDir));
  return { static: staticEmbedder(model), transformers };
}

async function orRefuse<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    const isOurs = error instanceof ModelFailure || (error instanceof DomainError && error.reason === "STATE_FORBIDS");
    throw isOurs ? new StartupFailure(error.message, error) : error;
  }
}

/** The generations as this process sees them, and the providers that it can make. */
async function openGenerations(
  config: Config["embedding"],
  log: Logger,
  storage: Storage,
  loaded: LoadedEmbedders,
  onError: (error: unknown) => void,
) {
  const endpoint = endpointOf(config);
  const builtIn = [loaded.static, loaded.transformers].filter((one) => one !== null);
  const reachable = { endpoint: config.isReachable ? endpoint : null, builtIn };
  const generations = new EmbeddingGenerations({
    store: storage.generations,
    configured: createEmbedder(embeddingConfigOf(config, endpoint), loaded),
    make: (name, dimensions) => embedderOfGeneration(reachable, name, dimensions),
    onError,
  });
  await generations.start();
  if (generations.inUse?.absent) {
    log.warn(
      { generation: generations.inUse.generation, model: generations.inUse.embedder.model },
      "the vectors in use are of a model that is not configured here: searches go by words alone until the configured one's are built",
    );
  }
  return generations;
}

/** All models of one endpoint share its limit of calls. */
function endpointOf({ url, apiKey, timeoutMs, batchSize, concurrency }: Config["embedding"]): Endpoint {
  return { url, timeoutMs, batchSize, slots: new Slots(concurrency), ...(apiKey === null ? {} : { key: apiKey }) };
}

function embeddingConfigOf(config: Config["embedding"], endpoint: Endpoint): EmbeddingConfig {
  const { provider, model, dimensions } = config;
  return provider === "openai" ? { provider, ...endpoint, model, dimensions } : { provider };
}

/** What runs beside the calls. */
function backgroundOf(
  config: Config,
  log: Logger,
  storage: Storage,
  generations: EmbeddingGenerations,
  onError: (work: string) => (error: unknown) => void,
  indexing: IndexingProgress,
) {
  const sweep = sweepLoop(
    { sweeper: storage.sweeper, onError: onError("sweep") },
    { everyMs: config.limits.sweepIntervalMs },
  );
  const { activation } = config.embedding;
  const { wake, loops } = embeddingBackground({
    ...{ queue: storage.embeddingQueue, backlog: storage.embeddingBacklog, store: storage.generations, generations },
    ...{ activates: activation === "auto", indexing },
    buildBatchSize: buildBatchSizeOf(config.embedding),
    onActivated: (generation) => log.info({ generation }, "an embedding generation is complete and in use"),
    onError,
  });
  return { wake, loops: [sweep, ...loops] };
}

function buildBatchSizeOf({ provider, batchSize, concurrency }: Config["embedding"]): number {
  if (provider === "openai") return Math.min(512, batchSize * concurrency);
  return provider === "transformers" ? TRANSFORMERS_BUILD_BATCH : LOCAL_BUILD_BATCH;
}

interface Serving {
  readonly storage: Storage;
  readonly metrics: CallMetrics;
  readonly services: readonly MountedService[];
  readonly interceptors: readonly Interceptor[];
  readonly chainDeps: ChainDeps;
}

async function listen(config: Config, log: Logger, serving: Serving): Promise<Listener> {
  try {
    return await startListener(listenerOptions(config, log, serving));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = LISTEN_PROBLEMS[code ?? ""];
    throw problem ? new StartupFailure(`cannot listen on ${config.host}:${config.port}: ${problem}`) : error;
  }
}

const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use",
  EACCES: "this user may not open that port",
  EADDRNOTAVAIL: "this machine has no such address",
  ENOTFOUND: "no such host",
};

function listenerOptions(config: Config, log: Logger, serving: Serving): ListenerOptions {
  const { storage, metrics, services, interceptors } = serving;
  const { limits } = config;
  return {
    host: config.host,
    port: config.port,
    ...(config.tls === null ? {} : { tls: readTls(config.tls) }),
    routes: nativeRoutes(services),
    interceptors,
    admissions: admissions(serving.chainDeps),
    unary: createInProcessTransport(services),
    rest: gatewayOf(config, log, serving),
    pages: new Map([["/openapi.json", { contentType: "application/json", body: readFileSync(OPENAPI_FILE) }]]),
    metrics: () => metrics.registry.metrics(),
    ready: () => isReady(storage),
    errorDomain: ERROR_DOMAIN,
    corsOrigins: config.corsOrigins,
    json: { ignoreUnknownFields: false },
    jsonFault: locateFault,
    limits: {
      readMaxBytes: limits.requestBytes,
      readMaxBytesOf: { [BATCH_METHOD]: limits.batchBytes },
      maxConcurrentStreams: limits.concurrentStreams,
      maxConnections: limits.connections,
      bodyBytes: limits.bufferedBytes,
      unaryDeadlineMs: limits.unaryTimeoutMs,
      streamDeadlineMs: limits.streamTimeoutMs,
      idleTimeoutMs: limits.idleTimeoutMs,
    },
    logger: log,
  };
}

function gatewayOf(config: Config, log: Logger, { services, chainDeps }: Serving): Gateway {
  const native = createInProcessTransport(services);
  const trustpager = mount(
    TrustpagerMemoryService,
    trustpagerService(createInProcessTransport(services, "trustpager")),
    dialectInterceptors(chainDeps),
  );
  return createGateway({
    services: [
      ...NATIVE.map((service) => ({ service, transport: native, admit: admitBy(admissions(chainDeps)) })),
      {
        service: TrustpagerMemoryService,
        transport: createInProcessTransport([trustpager], "trustpager"),
        admit: admitBy(admissions(chainDeps, "trustpager")),
      },
    ],
    maxBodyBytes: (method) =>
      `${method.parent.typeName}/${method.name}` === BATCH_METHOD
        ? config.limits.batchBytes
        : config.limits.requestBytes,
    unaryTimeoutMs: config.limits.unaryTimeoutMs,
    errorDomain: ERROR_DOMAIN,
    onUnexpected: (error) => log.error({ err: error }, "a transport threw what is no ConnectError"),
  });
}

function admitBy(admissions: Admissions): Admit {
  return (method, header) => admissions.admit(method, header);
}

async function isReady(storage: Storage): Promise<boolean> {
  try {
    await storage.ping(AbortSignal.timeout(READY_TIMEOUT_MS));
    return true;
  } catch {
    return false;
  }
}

function readTls(tls: NonNullable<Config["tls"]>): { cert: Buffer; key: Buffer } {
  const read = (variable: string, file: string) => {
    try {
      return readFileSync(file);
    } catch (error) {
      const problem = `names a file that cannot be read: ${(error as Error).message}`;
      throw new ConfigError([{ variable, problem }]);
    }
  };
  const pair = { cert: read("TLS_CERT_FILE", tls.certFile), key: read("TLS_KEY_FILE", tls.keyFile) };
  try {
    createSecureContext(pair);
  } catch (error) {
    const problem = `and TLS_KEY_FILE hold no PEM certificate and its key: ${(error as Error).message}`;
    throw new ConfigError([{ variable: "TLS_CERT_FILE", problem }]);
  }
  return pair;
}

/** An address that a client can dial: a wildcard becomes the loopback. */
function urlOf(config: Config, listener: Listener): string {
  const wildcard = listener.address === "::" || listener.address === "0.0.0.0";
  const plain = wildcard ? "127.0.0.1" : listener.address;
  const host = plain.includes(":") ? `[${plain}]` : plain;
  return `${config.tls === null ? "http" : "https"}://${host}:${listener.port}`;
}
