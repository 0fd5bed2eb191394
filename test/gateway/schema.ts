import {
  create,
  createFileRegistry,
  type DescFile,
  type DescMessage,
  type DescService,
  type MessageInitShape,
  setExtension,
} from "@bufbuild/protobuf";
import {
  EnumDescriptorProtoSchema,
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  file_google_protobuf_duration,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  FieldDescriptorProto_Label as Label,
  MethodDescriptorProtoSchema,
  MethodOptionsSchema,
  ServiceOptionsSchema,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import {
  emit_null,
  SuccessStatusSchema,
  success_status,
  UnknownFields,
  unknown_fields,
} from "../../gen/server/cairn/gateway/v1/options_pb.ts";
import { http } from "../../gen/server/google/api/annotations_pb.ts";
import { HttpRuleSchema } from "../../gen/server/google/api/http_pb.ts";

/**
 * Fields of a message by name, numbered in order. A type is a scalar, `Enum`, or a message (full name, or short within the
 * schema), then `?` for optional, `*` for repeated, `!` for optional with emit_null; a name `group.field` puts it in a oneof.
 */
export type Fields = Readonly<Record<string, string>>;

export interface MethodSpec {
  readonly input: string;
  readonly output: string;
  /** Absent: no rule. */
  readonly http?: MessageInitShape<typeof HttpRuleSchema>;
  readonly status?: MessageInitShape<typeof SuccessStatusSchema>;
  readonly stream?: "server" | "client";
}

export interface SchemaSpec {
  readonly messages: Readonly<Record<string, Fields>>;
  readonly methods: Readonly<Record<string, MethodSpec>>;
  readonly ignoreUnknown?: boolean;
}

const wellKnown: readonly DescFile[] = [
  file_google_protobuf_duration,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
];

/** Builds the descriptors of a service `test.v1.TestService`, with an enum `Color` (COLOR_UNSPECIFIED, COLOR_RED, COLOR_BLUE). */
export function schemaOf(spec: SchemaSpec): { service: DescService; message: (name: string) => DescMessage } {
  const serviceOptions = create(ServiceOptionsSchema);
  if (spec.ignoreUnknown) {
    setExtension(serviceOptions, unknown_fields, UnknownFields.IGNORE);
  }
  const file = create(FileDescriptorProtoSchema, {
    name: "test.proto",
    package: "test.v1",
    syntax: "proto3",
    dependency: wellKnown.map((known) => known.proto.name),
    enumType: [
      create(EnumDescriptorProtoSchema, {
        name: "Color",
        value: ["COLOR_UNSPECIFIED", "COLOR_RED", "COLOR_BLUE"].map((name, number) => ({ name, number })),
      }),
    ],
    messageType: Object.entries(spec.messages).map(([name, fields]) => messageProto(name, fields)),
    service: [
      {
        name: "TestService",
        options: serviceOptions,
        method: Object.entries(spec.methods).map(([name, method]) => methodProto(name, method)),
      },
    ],
  });
  const registry = createFileRegistry(file, (name) => wellKnown.find((known) => known.proto.name === name));
  return {
    service: registry.getService("test.v1.TestService")!,
    message: (name) => registry.getMessage(`test.v1.${name}`)!,
  };
}

function messageProto(name: string, fields: Fields) {
  const groups = [
    ...new Set(Object.keys(fields).flatMap((field) => (field.includes(".") ? [field.split(".")[0]!] : []))),
  ];
  const optional = Object.entries(fields).flatMap(([field, type]) => (/[?!]$/.test(type) ? [`_${field}`] : []));
  const oneofs = [...groups, ...optional];
  return {
    name,
    oneofDecl: oneofs.map((group) => ({ name: group })),
    field: Object.entries(fields).map(([field, type], index) => fieldProto(field, type, index + 1, oneofs)),
  };
}

function fieldProto(
  qualified: string,
  spelled: string,
  number: number,
  oneofs: readonly string[],
): FieldDescriptorProto {
  const [group, inner] = qualified.split(".");
  const name = inner ?? qualified;
  const suffix = /[?*!]$/.exec(spelled)?.[0] ?? "";
  const base = suffix === "" ? spelled : spelled.slice(0, -1);
  const scalar = Type[base.toUpperCase() as keyof typeof Type];
  const field = create(FieldDescriptorProtoSchema, {
    name,
    number,
    label: suffix === "*" ? Label.REPEATED : Label.OPTIONAL,
    jsonName: name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    type: scalar ?? (base === "Color" ? Type.ENUM : Type.MESSAGE),
  });
  if (scalar === undefined) {
    field.typeName = base.includes(".") ? `.${base}` : `.test.v1.${base}`;
  }
  if (suffix === "?" || suffix === "!") {
    field.proto3Optional = true;
    field.oneofIndex = oneofs.indexOf(`_${name}`);
  } else if (inner !== undefined) {
    field.oneofIndex = oneofs.indexOf(group!);
  }
  if (suffix === "!") {
    field.options = create(FieldOptionsSchema);
    setExtension(field.options, emit_null, true);
  }
  return field;
}

function methodProto(name: string, method: MethodSpec) {
  const options = create(MethodOptionsSchema);
  if (method.http) {
    setExtension(options, http, create(HttpRuleSchema, method.http));
  }
  if (method.status) {
    setExtension(options, success_status, create(SuccessStatusSchema, method.status));
  }
  return create(MethodDescriptorProtoSchema, {
    name,
    inputType: `.test.v1.${method.input}`,
    outputType: `.test.v1.${method.output}`,
    serverStreaming: method.stream === "server",
    clientStreaming: method.stream === "client",
    options,
  });
}
