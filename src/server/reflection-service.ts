import type { DescFile, MessageInitShape } from "@bufbuild/protobuf";
import { Code, type ServiceImpl } from "@connectrpc/connect";
import type {
  ServerReflection,
  ServerReflectionRequest,
  ServerReflectionResponseSchema,
} from "../../gen/server/grpc/reflection/v1/reflection_pb.ts";
import type { ServerReflection as ServerReflectionV1Alpha } from "../../gen/server/grpc/reflection/v1alpha/reflection_pb.ts";
import { bytesOf, type DescriptorIndex, nameOf } from "./descriptor-index.ts";

type Answer = NonNullable<MessageInitShape<typeof ServerReflectionResponseSchema>["messageResponse"]>;

/** grpc.reflection.v1: lists `listed` and resolves whatever the index holds. A file comes with its imports, each once a stream. */
export function reflectionService(
  index: DescriptorIndex,
  listed: () => Iterable<string>,
): ServiceImpl<typeof ServerReflection> {
  return {
    async *serverReflectionInfo(requests) {
      const sent = new Set<string>();
      for await (const request of requests) {
        const messageResponse = answerTo(request, index, listed, sent);
        yield { validHost: request.host, originalRequest: request, messageResponse };
      }
    },
  };
}

/** The same service under its older name; its messages have the same fields. */
export function asV1Alpha(service: ServiceImpl<typeof ServerReflection>): ServiceImpl<typeof ServerReflectionV1Alpha> {
  return service as unknown as ServiceImpl<typeof ServerReflectionV1Alpha>;
}

function answerTo(
  { messageRequest: asked }: ServerReflectionRequest,
  index: DescriptorIndex,
  listed: () => Iterable<string>,
  sent: Set<string>,
): Answer {
  switch (asked.case) {
    case "listServices": {
      const service = [...listed()].sort().map((name) => ({ name }));
      return { case: "listServicesResponse", value: { service } };
    }
    case "fileByFilename":
      return fileAnswer(index.fileNamed(asked.value), sent, `no file ${asked.value}`);
    case "fileContainingSymbol":
      return fileAnswer(index.fileOfSymbol(asked.value), sent, `no symbol ${asked.value}`);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = asked.value;
      const file = index.fileOfExtension(containingType, extensionNumber);
      return fileAnswer(file, sent, `no extension ${extensionNumber} of ${containingType}`);
    }
    case "allExtensionNumbersOfType": {
      const extensionNumber = index.extensionNumbers(asked.value);
      return extensionNumber
        ? { case: "allExtensionNumbersResponse", value: { baseTypeName: asked.value, extensionNumber } }
        : rejection(Code.NotFound, `no message ${asked.value}`);
    }
    default:
      return rejection(Code.InvalidArgument, "the request asks for nothing");
  }
}

function fileAnswer(file: DescFile | undefined, sent: Set<string>, absent: string): Answer {
  if (!file) {
    return rejection(Code.NotFound, absent);
  }
  // The file itself is sent again where it is asked for again.
  sent.delete(nameOf(file));
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto: unsent(file, sent).map(bytesOf) } };
}

/** The file first, then its imports and theirs. */
function unsent(file: DescFile, sent: Set<string>): DescFile[] {
  if (sent.has(nameOf(file))) {
    return [];
  }
  sent.add(nameOf(file));
  return [file, ...file.dependencies.flatMap((dependency) => unsent(dependency, sent))];
}

function rejection(errorCode: Code, errorMessage: string): Answer {
  return { case: "errorResponse", value: { errorCode, errorMessage } };
}
