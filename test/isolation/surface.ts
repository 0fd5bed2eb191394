import { type DescMethod, type DescService, getOption } from "@bufbuild/protobuf";
import { AgentService } from "../../gen/server/cairn/v1/agent_service_pb.ts";
import { EmbeddingService } from "../../gen/server/cairn/v1/embedding_service_pb.ts";
import { KeyService } from "../../gen/server/cairn/v1/key_service_pb.ts";
import { MemoryService } from "../../gen/server/cairn/v1/memory_service_pb.ts";
import { WorkspaceService } from "../../gen/server/cairn/v1/workspace_service_pb.ts";
import { http } from "../../gen/server/google/api/annotations_pb.ts";
import { MemoryService as TrustpagerService } from "../../gen/server/trustpager/v1/memory_pb.ts";

/** Services that answer gRPC, gRPC-Web and Connect. */
export const rpcServices: readonly DescService[] = [
  MemoryService,
  AgentService,
  KeyService,
  WorkspaceService,
  EmbeddingService,
];

/** Services that answer JSON over HTTP. */
export const restServices: readonly DescService[] = [...rpcServices, TrustpagerService];

/** `cairn.v1.MemoryService/GetMemory` and so on, of every service given. */
export function rpcsOf(services: readonly DescService[]): Map<string, DescMethod> {
  const methods = services.flatMap((service) => service.methods);
  return new Map(methods.map((method) => [`${method.parent.typeName}/${method.name}`, method]));
}

/** `GET /api/v1/memories/{memory_id}` and so on, of every google.api.http rule, additional bindings included. */
export function routesOf(services: readonly DescService[]): string[] {
  return services.flatMap((service) =>
    service.methods.flatMap((method) => {
      const rule = getOption(method, http);
      return [rule, ...rule.additionalBindings].map(({ pattern }) =>
        typeof pattern.value === "string"
          ? `${pattern.case.toUpperCase()} ${pattern.value}`
          : `${method.name}: no path`,
      );
    }),
  );
}
