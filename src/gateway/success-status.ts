import { type DescMethod, getOption, hasOption, type Message } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { success_status } from "../../gen/server/cairn/gateway/v1/options_pb.ts";
import { fieldNamed } from "./field-names.ts";

/** The HTTP status of a successful answer, chosen from the response message. */
export type StatusChoice = ((response: Message) => number) & {
  /** Every status that can come out, lowest first. */
  readonly possible: readonly number[];
};

/** Reads a method's `success_status` option; 200 where it has none. Throws where the option names what is not there. */
export function successStatus(method: DescMethod): StatusChoice {
  if (!hasOption(method, success_status)) {
    return choice(() => 200, [200]);
  }
  const option = getOption(method, success_status);
  const otherwise = option.otherwise || 200;
  const statuses = [...new Set([otherwise, ...option.cases.map((each) => each.status)])].sort((a, b) => a - b);
  const wrong = statuses.find((status) => status < 200 || status > 299);
  if (wrong !== undefined) {
    throw new Error(`success_status: ${wrong} is no success`);
  }
  if (option.field === "") {
    if (option.cases.length > 0) {
      throw new Error("success_status: cases without a field");
    }
    return choice(() => otherwise, statuses);
  }
  const field = fieldNamed(method.output, option.field);
  if (field?.fieldKind !== "enum" && field?.fieldKind !== "scalar") {
    throw new Error(`success_status: ${option.field} is no enum or scalar of the response`);
  }
  const byValue = new Map<unknown, number>();
  for (const each of option.cases) {
    const value =
      field.fieldKind === "enum" ? field.enum.values.find((known) => known.name === each.value)?.number : each.value;
    if (value === undefined) {
      throw new Error(`success_status: ${each.value} is no value of ${option.field}`);
    }
    byValue.set(value, each.status);
  }
  return choice((response) => {
    const value = reflect(method.output, response).get(field);
    return byValue.get(field.fieldKind === "enum" ? value : String(value)) ?? otherwise;
  }, statuses);
}

function choice(choose: (response: Message) => number, possible: readonly number[]): StatusChoice {
  return Object.assign(choose, { possible });
}
