import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Conversation } from "./conversation.ts";
import { ConversationFault, parseConversation } from "./parse-conversation.ts";

/** Reads every `*.json` of a folder, by name; one at least has a question. Throws ConversationFault, naming file and line. */
export function readConversations(folder: string): readonly Conversation[] {
  const files = namesIn(folder).filter((name) => name.endsWith(".json"));
  if (files.length === 0) {
    throw new ConversationFault(`${folder}: holds no conversations: no file there ends in .json`);
  }
  const conversations = files.sort().map((file) => {
    const path = join(folder, file);
    return parseConversation(path, basename(file, ".json"), contentOf(path));
  });
  if (conversations.every((one) => one.questions.length === 0)) {
    throw new ConversationFault(`${folder}: holds no question of categories 1 to 4 whose evidence is a turn`);
  }
  return conversations;
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConversationFault(`${path}: cannot be read: ${(error as Error).message}`);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => entry.name);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const problem =
      code === "ENOENT" ? "no such folder" : code === "ENOTDIR" ? "is no folder" : (error as Error).message;
    throw new ConversationFault(`${folder}: ${problem}`);
  }
}
