import type { DescMessage, Message } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import { createValidator, type Violation } from "@bufbuild/protovalidate";
import type { Interceptor } from "@connectrpc/connect";
import { DomainError, invalidField } from "../../domain/failure.ts";
import { refuseMalformedValues } from "../malformed-values.ts";

/** Holds every request message against the limits of its contract; the innermost interceptor. */
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
      check(req.method.input, req.message);
      return next(req);
    }
    return next({ ...req, message: checked(req.message, (message) => check(req.method.input, message)) });
  };
}

function failureOf(violation: Violation): DomainError {
  const field = pathToString(violation.field);
  // A rule of the whole message has no path; its own text names the fields.
  return field === ""
    ? new DomainError("INVALID_FIELD", violation.message, { rule: violation.ruleId })
    : invalidField(field, violation.message);
}

async function* checked<T extends Message>(messages: AsyncIterable<T>, check: (message: T) => void): AsyncGenerator<T> {
  for await (const message of messages) {
    check(message);
    yield message;
  }
}
