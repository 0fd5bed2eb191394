import { type DescFile, type DescMessage, type DescService, toBinary } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

/** Finds the files, in wire form, that reflection is asked for. */
export class DescriptorIndex {
  readonly #files = new Map<string, DescFile>();
  readonly #symbols = new Map<string, DescFile>();
  readonly #extensions = new Map<string, Map<number, DescFile>>();

  /** Indexes the files of `services`, `others`, and all that they import. */
  constructor(services: Iterable<DescService>, others: Iterable<DescFile>) {
    for (const service of services) {
      this.#add(service.file);
    }
    for (const file of others) {
      this.#add(file);
    }
  }

  /** By the name that import statements use, such as `cairn/v1/memory.proto`. */
  fileNamed(name: string): DescFile | undefined {
    return this.#files.get(name);
  }

  /** The file that declares a service, method, message, field, oneof, enum, enum value or extension. */
  fileOfSymbol(symbol: string): DescFile | undefined {
    return this.#symbols.get(symbol.replace(/^\./, ""));
  }

  fileOfExtension(extendee: string, fieldNumber: number): DescFile | undefined {
    return this.#extensions.get(extendee)?.get(fieldNumber);
  }

  /** Undefined where there is no such message type. */
  extensionNumbers(extendee: string): number[] | undefined {
    const numbers = this.#extensions.get(extendee);
    return numbers ? [...numbers.keys()].sort((a, b) => a - b) : this.#symbols.has(extendee) ? [] : undefined;
  }

  #add(file: DescFile): void {
    const name = nameOf(file);
    if (this.#files.has(name)) {
      return;
    }
    this.#files.set(name, file);
    for (const type of nestedTypes(file)) {
      this.#symbols.set(type.typeName, file);
      if (type.kind === "extension") {
        const numbers = this.#extensions.get(type.extendee.typeName) ?? new Map<number, DescFile>();
        this.#extensions.set(type.extendee.typeName, numbers.set(type.number, file));
      }
      for (const symbol of symbolsWithin(type)) {
        this.#symbols.set(symbol, file);
      }
    }
    for (const dependency of file.dependencies) {
      this.#add(dependency);
    }
  }
}

function symbolsWithin(type: ReturnType<typeof nestedTypes> extends Iterable<infer T> ? T : never): string[] {
  switch (type.kind) {
    case "service":
      return type.methods.map((method) => `${type.typeName}.${method.name}`);
    case "message":
      return membersOf(type).map((member) => `${type.typeName}.${member}`);
    case "enum": {
      // The values of an enum are siblings of the enum.
      const scope = type.typeName.slice(0, type.typeName.length - type.name.length);
      return type.values.map((value) => scope + value.name);
    }
    default:
      return [];
  }
}

function membersOf(message: DescMessage): string[] {
  return [...message.fields, ...message.oneofs].map(({ name }) => name);
}

/** The name that import statements use. */
export function nameOf(file: DescFile): string {
  return `${file.name}.proto`;
}

/** The file as reflection sends it. */
export function bytesOf(file: DescFile): Uint8Array {
  return toBinary(FileDescriptorProtoSchema, file.proto);
}
