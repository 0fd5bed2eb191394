import { create, type DescMessage, isMessage, type Message } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import { createValidator, type Violation } from "@bufbuild/protovalidate";
import type { Interceptor } from "@connectrpc/connect";
import {
  BatchWriteMemoriesRequestSchema,
  WriteMemoryRequestSchema,
} from "../../../gen/server/cairn/v1/memory_service_pb.ts";
import { DomainError, invalidField } from "../../domain/failure.ts";
import { kFaultyItems } from "../faulty-items.ts";
import { refuseMalformedValues } from "../malformed-values.ts";

/** A write that the contract allows: stands in for those that are looked at one by one. */
const VALID_WRITE = create(WriteMemoryRequestSchema, { memory: {} });

/**
 * Holds every request message against the limits of its contract; the innermost interceptor. Items of a batch that is not atomic
 * are held against them one by one, and those that fail are noted for the handler.
 */
export function validate(): Interceptor {
  const validator = createValidator({ failFast: true });
  const check = (schema: DescMessage, message: Message) => {
    refuseMalformedValues(schema, message);
    const result = validator.validate(schema, message);
    if (result.kind === "invalid") {
      throw failureOf(result.violations[0]!);
    }
    if (result.kind === "error") {
      throw result.error;
    }
  };
  return (next) => async (req) => {
    if (!req.stream) {
      if (isMessage(req.message, BatchWriteMemoriesRequestSchema) && req.message.atomic === false) {
        const { writes } = req.message;
        check(req.method.input, { ...req.message, writes: writes.map(() => VALID_WRITE) } as Message);
        req.contextValues.set(
          kFaultyItems,
          faultsOf(writes, (item) => check(WriteMemoryRequestSchema, item)),
        );
      } else {
        check(req.method.input, req.message);
      }
      return next(req);
    }
    return next({ ...req, message: checked(req.message, (message) => check(req.method.input, message)) });
  };
}

function faultsOf(items: readonly Message[], check: (item: Message) => void): Map<number, DomainError> {
  const faults = new Map<number, DomainError>();
  items.forEach((item, index) => {
    try {
      check(item);
    } catch (error) {
      if (!(error instanceof DomainError)) {
        throw error;
      }
      faults.set(index, error);
    }
  });
  return faults;
}

function failureOf(violation: Violation): DomainError {
  const field = pathToString(violation.field);
  // A rule of the whole message has no path; its own text names the fields.
  return field === ""
    ? new DomainError("INVALID_FIELD", violation.message, { field, rule: violation.ruleId })
    : invalidField(field, violation.message);
}

async function* checked<T extends Message>(messages: AsyncIterable<T>, check: (message: T) => void): AsyncGenerator<T> {
  for await (const message of messages) {
    check(message);
    yield message;
  }
}
