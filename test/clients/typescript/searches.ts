import { Code } from "@connectrpc/connect";
import { expectEqual, expectFailure, expectTrue } from "./expect.ts";
import { begun, harbour, instruct, type Stage, type Step, seenBy } from "./stage.ts";

const NOTES = 100;
const MOST_MESSAGES = 20;
/** Well before the five seconds that the server takes. */
const SOON_MS = 4000;

/** Writes the hundred notes about the harbour. */
export async function writeNotes(stage: Pick<Stage, "cairn">): Promise<void> {
  const writes = Array.from({ length: NOTES }, (_, index) => {
    const number = String(index + 1).padStart(3, "0");
    return { memory: { kind: "note", key: `note-${number}`, content: `Note ${number} about the harbour` } };
  });
  await stage.cairn.memories.batchWriteMemories({ writes });
}

const search: Step = async (stage) => {
  await writeNotes(stage);
  const found = stage.cairn.search(harbour);
  const ranks: number[] = [];
  let last = Number.POSITIVE_INFINITY;
  for await (const { rank, score } of found) {
    ranks.push(rank);
    expectTrue(`score ${score} at rank ${rank} does not rise`, score <= last);
    last = score;
  }
  expectEqual(
    "ranks",
    ranks,
    Array.from({ length: NOTES }, (_, index) => index + 1),
  );
  expectEqual("summary", found.summary?.count, NOTES);
};

const stopEarly: Step = async (stage) => {
  const { id, options } = instruct("pace.100");
  let read = 0;
  for await (const _ of stage.cairn.search(harbour, options)) {
    if (++read === 5) break;
  }
  await expectCut(stage, id);
};

const cancel: Step = async (stage) => {
  const paced = instruct("pace.100");
  const stop = new AbortController();
  let began = performance.now();
  const reading = (async () => {
    for await (const _ of stage.cairn.search(harbour, { ...paced.options, signal: stop.signal })) stop.abort();
  })();
  await expectFailure("search", reading, { code: Code.Canceled });
  expectTrue("the search within 4 s", performance.now() - began < SOON_MS);
  await expectCut(stage, paced.id);
  const delayed = instruct("delay.5000");
  const hasty = new AbortController();
  const options = { ...delayed.options, signal: hasty.signal };
  const got = expectFailure("get", stage.cairn.memories.getMemory({ memoryId: stage.drinkId }, options), {
    code: Code.Canceled,
  });
  const aborted = begun(stage, delayed.id).then(() => {
    began = performance.now();
    hasty.abort();
  });
  await Promise.all([got, aborted]);
  expectTrue("the get within 4 s", performance.now() - began < SOON_MS);
  expectEqual(
    "the server's word",
    (await seenBy(stage, delayed.id)).map((call) => call.code),
    ["canceled"],
  );
};

const deadline: Step = async (stage) => {
  const { options } = instruct("delay.5000");
  const began = performance.now();
  const call = stage.cairn.memories.getMemory({ memoryId: stage.drinkId }, { ...options, timeoutMs: 200 });
  await expectFailure("get", call, { code: Code.DeadlineExceeded });
  expectTrue("within 4 s", performance.now() - began < SOON_MS);
};

async function expectCut(stage: Stage, id: string): Promise<void> {
  const [call] = await seenBy(stage, id);
  expectTrue(`the server saw the end: ${JSON.stringify(call)}`, call !== undefined && call.code !== "ok");
  expectTrue(`${call?.messages} messages were sent`, (call?.messages ?? Number.NaN) <= MOST_MESSAGES);
}

/** Steps 20 to 23. */
export const searches: readonly Step[] = [search, stopEarly, cancel, deadline];
