import type { DescService } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { file_google_rpc_error_details } from "../../gen/server/google/rpc/error_details_pb.ts";
import { Health } from "../../gen/server/grpc/health/v1/health_pb.ts";
import { ServerReflection } from "../../gen/server/grpc/reflection/v1/reflection_pb.ts";
import { ServerReflection as ServerReflectionV1Alpha } from "../../gen/server/grpc/reflection/v1alpha/reflection_pb.ts";
import { DescriptorIndex } from "./descriptor-index.ts";
import { healthService } from "./health-service.ts";
import type { Readiness } from "./readiness.ts";
import { asV1Alpha, reflectionService } from "./reflection-service.ts";

/** Mounts the services that are the listener's own, for the `services` of the application: health and reflection. */
export function ownServices(services: ReadonlySet<DescService>, readiness: Readiness): (router: ConnectRouter) => void {
  const names = [...services].map(({ typeName }) => typeName);
  const mounted = [...services, Health, ServerReflection, ServerReflectionV1Alpha];
  // Error details travel as Any, so a tool finds their schema only if reflection resolves it.
  const index = new DescriptorIndex(mounted, [file_google_rpc_error_details]);
  const reflection = reflectionService(index, () => [...names, Health.typeName]);
  const health = healthService(readiness, () => names);
  return (router) => {
    router.service(Health, health);
    router.service(ServerReflection, reflection);
    router.service(ServerReflectionV1Alpha, asV1Alpha(reflection));
  };
}
