import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { afterEach, describe, expect, it } from "vitest";
import { Health, HealthCheckResponse_ServingStatus as Status } from "../../gen/server/grpc/health/v1/health_pb.ts";
import { ServerReflection } from "../../gen/server/grpc/reflection/v1/reflection_pb.ts";
import { ServerReflection as ServerReflectionV1Alpha } from "../../gen/server/grpc/reflection/v1alpha/reflection_pb.ts";
import { until } from "./raw-socket.ts";
import { startStub, stopStubs } from "./stub-server.ts";

afterEach(stopStubs);

const SERVICE = "cairn.v1.MemoryService";

describe("grpc.health.v1", () => {
  it("says of the process and of each service what ready() says, and needs no credentials", async () => {
    let ready = true;
    const refuseAll = () => () => Promise.reject(new ConnectError("no key", Code.Unauthenticated));
    const { url } = await startStub({}, { ready: async () => ready, interceptors: [refuseAll] });
    for (const transport of [
      createGrpcTransport({ baseUrl: url }),
      createConnectTransport({ baseUrl: url, httpVersion: "1.1" }),
    ]) {
      const health = createClient(Health, transport);
      ready = true;
      expect((await health.check({})).status).toBe(Status.SERVING);
      expect((await health.check({ service: SERVICE })).status).toBe(Status.SERVING);
      ready = false;
      expect((await health.check({})).status).toBe(Status.NOT_SERVING);
      const { statuses } = await health.list({});
      expect(Object.keys(statuses).sort()).toEqual(["", SERVICE]);
      const error = await health.check({ service: "no.Such" }).then(() => undefined, ConnectError.from);
      expect(error?.code).toBe(Code.NotFound);
    }
  });

  it("tells watchers of changes, of an unknown service once, and of the end by NOT_SERVING and UNAVAILABLE", async () => {
    let ready = false;
    const server = await startStub({}, { ready: async () => ready });
    const health = createClient(Health, createGrpcTransport({ baseUrl: server.url }));
    const seen: number[] = [];
    const watch = follow(health.watch({ service: SERVICE }), seen);
    const stranger: number[] = [];
    const other = follow(health.watch({ service: "no.Such" }), stranger);
    await until(() => seen.length === 1 && stranger.length === 1, "the first statuses");
    ready = true;
    await until(() => seen.length === 2, "the second status");
    await Promise.all([server.close(5_000), watch, other]);
    expect(seen).toEqual([Status.NOT_SERVING, Status.SERVING, Status.NOT_SERVING, -Code.Unavailable]);
    expect(stranger).toEqual([Status.SERVICE_UNKNOWN, -Code.Unavailable]);
  });
});

async function follow(statuses: AsyncIterable<{ status: number }>, seen: number[]): Promise<void> {
  try {
    for await (const { status } of statuses) {
      seen.push(status);
    }
  } catch (error) {
    seen.push(-ConnectError.from(error).code);
  }
}

describe.each([
  ["v1", ServerReflection],
  ["v1alpha", ServerReflectionV1Alpha],
] as const)("grpc.reflection.%s", (_version, service) => {
  async function ask(...questions: object[]) {
    const { url } = await startStub();
    // Both versions have the same messages.
    const client = createClient(service as typeof ServerReflection, createGrpcTransport({ baseUrl: url }));
    const answers = [];
    const requests = (async function* () {
      for (const messageRequest of questions) {
        yield { host: "h", messageRequest } as never;
      }
    })();
    for await (const { messageResponse, validHost } of client.serverReflectionInfo(requests)) {
      expect(validHost).toBe("h");
      answers.push(messageResponse);
    }
    return answers;
  }

  function filesOf(answer: Awaited<ReturnType<typeof ask>>[number] | undefined): string[] {
    return answer?.case === "fileDescriptorResponse"
      ? answer.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name)
      : [`${answer?.case}`];
  }

  it("lists what is served and health, not itself nor error details", async () => {
    const [answer] = await ask({ case: "listServices", value: "*" });
    expect(answer?.value).toMatchObject({ service: [{ name: SERVICE }, { name: "grpc.health.v1.Health" }] });
  });

  it("sends a file with its imports, each once a stream", async () => {
    const [first, second, again] = await ask(
      { case: "fileContainingSymbol", value: `${SERVICE}.GetMemory` },
      { case: "fileByFilename", value: "cairn/v1/agent_service.proto" },
      { case: "fileByFilename", value: "cairn/v1/memory.proto" },
    );
    const files = filesOf(first);
    expect(files[0]).toBe("cairn/v1/memory_service.proto");
    expect(files).toEqual(
      expect.arrayContaining([
        "cairn/v1/memory.proto",
        "google/protobuf/timestamp.proto",
        "buf/validate/validate.proto",
      ]),
    );
    expect(new Set(files).size).toBe(files.length);
    expect(second?.case).toBe("errorResponse");
    expect(filesOf(again)).toEqual(["cairn/v1/memory.proto"]);
  });

  it("resolves messages, fields, enum values, extensions and google.rpc.ErrorInfo", async () => {
    const answers = await ask(
      { case: "fileContainingSymbol", value: "cairn.v1.Memory" },
      { case: "fileContainingSymbol", value: "cairn.v1.Memory.subject_type" },
      { case: "fileContainingSymbol", value: "cairn.v1.VISIBILITY_PRIVATE" },
      { case: "fileContainingSymbol", value: "google.rpc.ErrorInfo" },
      {
        case: "fileContainingExtension",
        value: { containingType: "google.protobuf.MethodOptions", extensionNumber: 72295728 },
      },
      { case: "allExtensionNumbersOfType", value: "google.protobuf.MethodOptions" },
    );
    expect(answers.slice(0, 5).map((answer) => filesOf(answer)[0])).toEqual([
      "cairn/v1/memory.proto",
      "cairn/v1/memory.proto",
      "cairn/v1/memory.proto",
      "google/rpc/error_details.proto",
      "google/api/annotations.proto",
    ]);
    expect(answers[5]?.value).toMatchObject({ extensionNumber: expect.arrayContaining([72295728]) });
  });

  it("answers NOT_FOUND for what it does not know and goes on", async () => {
    const answers = await ask(
      { case: "fileContainingSymbol", value: "no.Such" },
      { case: "fileByFilename", value: "no.proto" },
      { case: "fileContainingExtension", value: { containingType: "no.Such", extensionNumber: 1 } },
      { case: "allExtensionNumbersOfType", value: "no.Such" },
      { case: undefined },
    );
    expect(answers.map((answer) => (answer.case === "errorResponse" ? answer.value.errorCode : answer.case))).toEqual([
      5, 5, 5, 5, 3,
    ]);
  });
});
