import type { ConnectRouter, Interceptor } from "@connectrpc/connect";
import { AgentService } from "../../gen/server/cairn/v1/agent_service_pb.ts";
import { EmbeddingService } from "../../gen/server/cairn/v1/embedding_service_pb.ts";
import { KeyService } from "../../gen/server/cairn/v1/key_service_pb.ts";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import type { IdSource } from "../domain/ports/id-source.ts";
import type { Authenticator } from "../usecases/administration/authenticate.ts";
import type { AgentDeps } from "../usecases/administration/manage-agents.ts";
import type { KeyDeps } from "../usecases/administration/manage-keys.ts";
import type { WorkspaceDeps } from "../usecases/administration/manage-workspaces.ts";
import type { EmbeddingDeps } from "../usecases/embeddings/manage-embeddings.ts";
import { Admissions } from "./admission.ts";
import type { CallLog } from "./call-log.ts";
import { type MountedService, mount } from "./in-process-transport.ts";
import { authenticate } from "./interceptors/authenticate.ts";
import { mapErrors } from "./interceptors/map-errors.ts";
import { observe } from "./interceptors/observe.ts";
import { requestContext } from "./interceptors/request-context.ts";
import { validate } from "./interceptors/validate.ts";
import { agentService } from "./services/agent-service.ts";
import { embeddingService } from "./services/embedding-service.ts";
import { keyService } from "./services/key-service.ts";
import { type MemoryServiceDeps, memoryService } from "./services/memory-service.ts";
import { workspaceService } from "./services/workspace-service.ts";

export type NativeDeps = MemoryServiceDeps & AgentDeps & KeyDeps & WorkspaceDeps & EmbeddingDeps;

export interface ChainDeps {
  readonly ids: IdSource;
  readonly calls: CallLog;
  readonly authenticator: Authenticator;
}

/** What every native call passes, outermost first. */
export function nativeInterceptors(deps: ChainDeps): Interceptor[] {
  return [
    requestContext(deps.ids), // The id first, so that every later line and error has it.
    observe(deps.calls), // Outside authentication, so that rejections are counted too.
    mapErrors, // Inside the log, which sees the code that goes out.
    authenticate(deps.authenticator), // Strangers learn nothing of the schema.
    validate(), // Innermost: what reaches a handler has the contract's shape.
  ];
}

/** Tells who calls before the message is read; `api` names the dialect. What it refuses is logged and counted like any call. */
export function admissions(deps: ChainDeps, api?: string): Admissions {
  return new Admissions(deps.authenticator, [requestContext(deps.ids), observe(deps.calls), mapErrors], api);
}

/** What a dialect's own call passes: the native call inside it does the rest. */
export function dialectInterceptors(deps: Pick<ChainDeps, "ids">): Interceptor[] {
  return [requestContext(deps.ids), mapErrors, validate()];
}

/** The native services, each behind the whole chain. */
export function nativeServices(deps: NativeDeps, interceptors: readonly Interceptor[]): MountedService[] {
  return [
    mount(MemoryService, memoryService(deps), interceptors),
    mount(AgentService, agentService(deps), interceptors),
    mount(KeyService, keyService(deps), interceptors),
    mount(WorkspaceService, workspaceService(deps), interceptors),
    mount(EmbeddingService, embeddingService(deps), interceptors),
  ];
}

/** The same services for Connect's own handlers, which take the interceptors as an option of the router. */
export function nativeRoutes(services: readonly MountedService[]): (router: ConnectRouter) => void {
  return (router) => {
    for (const { service, implementation } of services) {
      router.service(service, implementation);
    }
  };
}
