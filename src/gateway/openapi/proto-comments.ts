import type {
  DescEnum,
  DescEnumValue,
  DescField,
  DescFile,
  DescMessage,
  DescMethod,
  DescService,
} from "@bufbuild/protobuf";
import type { DescriptorProto, EnumDescriptorProto } from "@bufbuild/protobuf/wkt";

type Commented = DescMessage | DescField | DescEnum | DescEnumValue | DescService | DescMethod;

/** Answers the comment that stands before an element in its proto file; empty where there is none. */
export type Comments = (element: Commented) => string;

// Field numbers in the descriptor messages, of which a source location's path is made.
const FILE = { message: 4, enum: 5, service: 6 };
const MESSAGE = { field: 2, nested: 3, enum: 4 };
const MEMBER = 2;

/** Reads the comments of files whose descriptors carry source info, as those of a buf image do. */
export function commentsOf(files: Iterable<DescFile>): Comments {
  const comments = new Map<unknown, string>();
  for (const { proto } of files) {
    const byPath = new Map(
      proto.sourceCodeInfo?.location.map((location) => [location.path.join("."), location.leadingComments.trim()]),
    );
    const note = (element: unknown, ...path: number[]): void => {
      comments.set(element, byPath.get(path.join(".")) ?? "");
    };
    const noteEnum = (each: EnumDescriptorProto, path: number[]): void => {
      note(each, ...path);
      for (const [index, value] of each.value.entries()) note(value, ...path, MEMBER, index);
    };
    const noteMessage = (message: DescriptorProto, path: number[]): void => {
      note(message, ...path);
      for (const [index, field] of message.field.entries()) note(field, ...path, MESSAGE.field, index);
      for (const [index, nested] of message.nestedType.entries()) noteMessage(nested, [...path, MESSAGE.nested, index]);
      for (const [index, each] of message.enumType.entries()) noteEnum(each, [...path, MESSAGE.enum, index]);
    };
    for (const [index, message] of proto.messageType.entries()) noteMessage(message, [FILE.message, index]);
    for (const [index, each] of proto.enumType.entries()) noteEnum(each, [FILE.enum, index]);
    for (const [index, service] of proto.service.entries()) {
      note(service, FILE.service, index);
      for (const [at, method] of service.method.entries()) note(method, FILE.service, index, MEMBER, at);
    }
  }
  return (element) => unwrapped(comments.get(element.proto) ?? "");
}

/** Joins the lines of each paragraph. */
function unwrapped(comment: string): string {
  return comment
    .split(/\n\s*\n/)
    .map((paragraph) =>
      paragraph
        .split("\n")
        .map((line) => line.trim())
        .join(" "),
    )
    .join("\n\n");
}
