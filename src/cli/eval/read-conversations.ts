import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Conversation } from "./conversation.ts";
import { ConversationFault, parseConversation } from "./parse-conversation.ts";

/** Reads every `*.json` of a folder, by name. Throws ConversationFault, naming file and line. */
export function readConversations(folder: string): readonly Conversation[] {
  const files = namesIn(folder).filter((name) => name.endsWith(".json"));
  if (files.length === 0) {
    throw new ConversationFault(`${folder}: holds no conversations: no file there ends in .json`);
  }
  return files.sort().map((file) => {
    const path = join(folder, file);
    return parseConversation(path, basename(file, ".json"), readFileSync(path, "utf8"));
  });
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
