import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createFileRegistry, type DescMethod, type DescService, fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { runTool, toolFolder } from "./run-tool.ts";

/** A native service with what its proto says of it, for what we generate beside the stubs. */
export interface DescribedService {
  readonly service: DescService;
  readonly methods: readonly DescribedMethod[];
}

/** One RPC. */
export interface DescribedMethod {
  readonly method: DescMethod;
  /** Its leading comment, a line an element. */
  readonly comment: readonly string[];
}

const SERVICE = 6;
const METHOD = 2;

/** Reads the services of cairn.v1, in the order of their files and of their declaration. */
export async function describedServices(): Promise<readonly DescribedService[]> {
  const file = join(toolFolder, `services-${process.pid}.binpb`);
  await runTool("buf", ["build", "--path", "proto/cairn/v1", "-o", file]);
  const set = fromBinary(FileDescriptorSetSchema, readFileSync(file));
  rmSync(file);
  const registry = createFileRegistry(set);
  const native = set.file.filter((proto) => proto.package === "cairn.v1");
  return native.flatMap((proto) =>
    proto.service.map((_, index) => {
      const service = registry.getService(`${proto.package}.${proto.service[index]?.name}`);
      if (service === undefined) throw new Error(`${proto.name} declares a service that is not in its own image`);
      const methods = service.methods.map((method, at) => ({ method, comment: commentOf(proto, index, at) }));
      return { service, methods };
    }),
  );
}

function commentOf(proto: FileDescriptorProto, service: number, method: number): readonly string[] {
  const path = [SERVICE, service, METHOD, method].join();
  const location = proto.sourceCodeInfo?.location.find((candidate) => candidate.path.join() === path);
  return (location?.leadingComments ?? "")
    .trimEnd()
    .split("\n")
    .map((line) => line.trim());
}
