/** What there is to find, by the name of the parameter that asks for it. */
export type Seeds = Readonly<Record<string, readonly (string | number)[]>>;

/** An agent that nothing deletes. */
export const READER = "reader";

/** How often a path names something that is there. */
const PROBABILITY = 0.8;

/** What no schema says and a body has to have, so that it gets past the first look. */
const WORDS: Seeds = {
  kinds: ["note", "preference"],
  texts: ["Note 7 about the harbour", "Prefers green tea", "ü 你好 👋🏽"],
  timeouts: ["30", "60.5", "9999999"],
};

const BODY_FIELDS = [
  ["kind", "kinds"],
  ["content", "texts"],
  ["query", "texts"],
  ["writes[*].memory.kind", "kinds"],
  ["writes[*].memory.content", "texts"],
] as const;

/** schemathesis's own configuration, TOML. */
export function settingsOf(seeds: Seeds, hooks: string, key: string): string {
  const lines = [
    `hooks = ${JSON.stringify(hooks)}`,
    'headers = { Authorization = "Bearer KEY" }'.replace("KEY", key),
    "",
    "[checks]",
    // 413 and 431 are rejections too, of what is too long.
    'negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429", "431", "5xx"]',
    // 504 is what a caller gets whose request-timeout was too short.
    'not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "504"]',
    "",
    ...Object.entries({ ...seeds, ...WORDS }).flatMap(([name, values]) => [
      `[dictionaries.${name}]`,
      `values = ${JSON.stringify(values)}`,
      "",
    ]),
    "[parameters]",
    ...Object.keys(seeds).map((name) => binding(name === "cairn-agent" ? `header.${name}` : `path.${name}`, name)),
    ...BODY_FIELDS.map(([path, name]) => binding(`body.${path}`, name)),
    binding("header.request-timeout", "timeouts"),
  ];
  return `${lines.join("\n")}\n`;
}

function binding(parameter: string, dictionary: string): string {
  return `${JSON.stringify(parameter)} = { dictionary = ${JSON.stringify(dictionary)}, probability = ${PROBABILITY} }`;
}
