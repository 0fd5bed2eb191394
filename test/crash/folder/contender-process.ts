/**
 * A process that takes and releases a data folder's lock on command: `node contender-process.ts FOLDER NAME`. It reads lines
 * `take PATIENCE_MS` and `release`, and answers each with one line. While it holds the lock it watches that nobody else does.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { DataFolderLock } from "../../../src/storage/engine/pglite/data-folder-lock.ts";

const [folder, name] = process.argv.slice(2) as [string, string];
const owner = `${folder}.owner`;
let lock: DataFolderLock | null = null;
let watch: NodeJS.Timeout | undefined;

/** Whoever takes the lock writes its name, which the holder reads all the time. */
function checkOwner(): void {
  const found = readFileSync(owner, "utf8");
  if (found !== name && found !== "") console.log(`stolen: ${name} holds the lock, and so does ${found}`);
}

async function take(patienceMs: number): Promise<string> {
  try {
    lock = await DataFolderLock.acquire(folder, patienceMs);
  } catch (error) {
    const { message } = error as Error;
    return message.includes("is in use by another process") ? "refused" : `failed: ${message}`;
  }
  writeFileSync(owner, name);
  watch = setInterval(checkOwner, 1);
  return "held";
}

function release(): string {
  checkOwner();
  clearInterval(watch);
  lock?.release();
  return "released";
}

console.log(`ready ${process.pid}`);
for await (const line of createInterface({ input: process.stdin })) {
  const [command, patience] = line.split(" ");
  console.log(command === "take" ? await take(Number(patience)) : release());
}
process.exit(0);
