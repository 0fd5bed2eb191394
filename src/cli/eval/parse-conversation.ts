import type { Conversation, Question, Turn } from "./conversation.ts";
import { type JsonPath, lineAt, lineOfJson } from "./json-line.ts";

/** A file that is no conversation. The message names file, line and field. */
export class ConversationFault extends Error {
  override readonly name = "ConversationFault";
}

type JsonObject = Readonly<Record<string, unknown>>;

const SESSION = /^session_([1-9][0-9]*)$/;
const LAST_CATEGORY_ASKED = 4;
const LAST_CATEGORY = 5;

/**
 * Reads one conversation: `session_N` lists its turns, `qa` the questions about them. Other members are ignored. Questions of
 * category 5 (adversarial: the conversation does not answer them) are left out.
 * @param file how the file is named in a fault
 */
export function parseConversation(file: string, name: string, text: string): Conversation {
  const read = new Reader(file, text);
  const root = read.object(read.parse(), []);
  const sessions = Object.keys(root).filter((member) => SESSION.test(member));
  sessions.sort((a, b) => sessionNumber(a) - sessionNumber(b));
  const turns = sessions.flatMap((session) => turnsOf(read, root, session));
  if (turns.length === 0) read.fail([], "has no turns: no member session_1, session_2, … with a turn in it");
  const ids = new Set<string>();
  for (const { id, path } of turns) {
    if (ids.has(id)) read.fail([...path, "dia_id"], `"${id}" is the id of another turn as well`);
    ids.add(id);
  }
  return { name, turns: turns.map(({ path: _path, ...turn }) => turn), ...questionsOf(read, root, ids) };
}

function sessionNumber(session: string): number {
  return Number(SESSION.exec(session)?.[1]);
}

function turnsOf(read: Reader, root: JsonObject, session: string): (Turn & { readonly path: JsonPath })[] {
  const dated = `${session}_date_time`;
  const date = root[dated] === undefined ? "" : read.string(root[dated], [dated]);
  return read.list(root[session], [session]).map((item, index) => {
    const path = [session, index];
    const turn = read.object(item, path);
    const id = read.words(turn.dia_id, [...path, "dia_id"]);
    const speaker = read.words(turn.speaker, [...path, "speaker"]);
    const said = read.string(turn.text, [...path, "text"]);
    const caption = turn.blip_caption === undefined ? "" : read.string(turn.blip_caption, [...path, "blip_caption"]);
    const content = `${speaker}: ${said}${caption === "" ? "" : ` [shares ${caption}]`}`;
    return { id, speaker, content, session, date, path };
  });
}

function questionsOf(
  read: Reader,
  root: JsonObject,
  ids: ReadonlySet<string>,
): Pick<Conversation, "questions" | "skipped" | "unknownEvidence"> {
  const questions: Question[] = [];
  let skipped = 0;
  let unknownEvidence = 0;
  for (const [index, item] of read.list(root.qa, ["qa"]).entries()) {
    const path = ["qa", index];
    const one = read.object(item, path);
    const category = read.category(one.category, [...path, "category"]);
    const text = read.words(one.question, [...path, "question"]);
    const named = read
      .list(one.evidence, [...path, "evidence"])
      // Some of the published files put two ids into one string.
      .flatMap((id, at) => read.string(id, [...path, "evidence", at]).split(/[;,\s]+/))
      .filter((id) => id !== "");
    if (category > LAST_CATEGORY_ASKED) continue;
    const evidence = [...new Set(named.filter((id) => ids.has(id)))];
    unknownEvidence += named.filter((id) => !ids.has(id)).length;
    if (evidence.length === 0) skipped++;
    else questions.push({ text, category, evidence });
  }
  return { questions, skipped, unknownEvidence };
}

/** Checks values, and knows where they stand in the file. */
class Reader {
  readonly #file: string;
  readonly #text: string;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  parse(): unknown {
    try {
      return JSON.parse(this.#text);
    } catch (error) {
      const position = /position (\d+)/.exec((error as Error).message)?.[1];
      const line = lineAt(this.#text, position === undefined ? this.#text.length : Number(position));
      throw new ConversationFault(`${this.#file}:${line}: is not valid JSON: ${(error as Error).message}`);
    }
  }

  object(value: unknown, path: JsonPath): JsonObject {
    if (typeof value !== "object" || value === null || Array.isArray(value)) this.fail(path, "must be a JSON object");
    return value as JsonObject;
  }

  list(value: unknown, path: JsonPath): readonly unknown[] {
    if (!Array.isArray(value)) this.fail(path, "must be a JSON array");
    return value as readonly unknown[];
  }

  string(value: unknown, path: JsonPath): string {
    if (typeof value !== "string") this.fail(path, "must be a string");
    return value as string;
  }

  words(value: unknown, path: JsonPath): string {
    if (typeof value !== "string" || value.trim() === "") this.fail(path, "must be a string that is not blank");
    return value as string;
  }

  category(value: unknown, path: JsonPath): number {
    if (!Number.isInteger(value) || Number(value) < 1 || Number(value) > LAST_CATEGORY) {
      this.fail(path, `must be a whole number from 1 to ${LAST_CATEGORY}`);
    }
    return value as number;
  }

  fail(path: JsonPath, problem: string): never {
    const field = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
    const subject = field === "" ? "" : `${field.slice(1)} `;
    throw new ConversationFault(`${this.#file}:${lineOfJson(this.#text, path)}: ${subject}${problem}`);
  }
}
