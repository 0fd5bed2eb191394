import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { Outcome } from "../../../gen/ts/dist/index.js";
import { expectEqual, expectFailure, expectTrue } from "./expect.ts";
import { drink, listKind, pause, type Stage, type Step } from "./stage.ts";

const absent = { code: Code.NotFound, reason: "MEMORY_NOT_FOUND" } as const;
const LIFE_MS = 1500;
const PAST_IT_MS = 300;
const HOUR_MS = 3_600_000;

const remove: Step = async ({ cairn, drinkId }) => {
  const { memory } = await cairn.memories.deleteMemory({ memoryId: drinkId });
  expectTrue("delete_time is set", memory?.deleteTime !== undefined);
  await expectFailure("get", cairn.memories.getMemory({ memoryId: drinkId }), absent);
  const shown = await cairn.memories.getMemory({ memoryId: drinkId, showDeleted: true });
  expectEqual("shown", shown.memory?.id, drinkId);
};

const restore: Step = async ({ cairn, drinkId }) => {
  const { memory } = await cairn.memories.restoreMemory({ memoryId: drinkId });
  expectTrue("delete_time is gone", memory?.deleteTime === undefined);
  expectEqual("found", (await cairn.memories.getMemory({ memoryId: drinkId })).memory?.id, drinkId);
};

const revive: Step = async ({ cairn, drinkId }) => {
  await cairn.memories.deleteMemory({ memoryId: drinkId });
  const { memory, outcome } = await cairn.memories.writeMemory({ memory: drink });
  expectEqual("answer", [outcome, memory?.id], [Outcome.REVIVED, drinkId]);
  expectTrue("delete_time is gone", memory?.deleteTime === undefined);
};

/** Writes a visit that is soon over and finds it; where it was over before that, as on a machine that stood still, another one. */
async function visitSoonOver(stage: Stage, key: string, lifeMs: number) {
  const { memories } = stage.cairn;
  const visit = { kind: "visit", key, content: "Ada visits the harbour today" };
  const end = Date.now() + lifeMs;
  try {
    const written = await memories.writeMemory({ memory: { ...visit, expireTime: timestampFromMs(end) } });
    expectEqual("outcome", written.outcome, Outcome.CREATED);
    const memoryId = written.memory!.id;
    expectEqual("found before", (await memories.getMemory({ memoryId })).memory?.id, memoryId);
    return { visit, memoryId, end };
  } catch (error) {
    if (Date.now() < end) throw error;
    return visitSoonOver(stage, `${key}-again`, 2 * lifeMs);
  }
}

const expire: Step = async (stage) => {
  const { memories } = stage.cairn;
  const { visit, memoryId, end } = await visitSoonOver(stage, "today", LIFE_MS);
  await pause(end + PAST_IT_MS - Date.now());
  await expectFailure("get after", memories.getMemory({ memoryId }), absent);
  expectEqual("listed after", (await listKind(stage, "visit")).length, 0);
  const again = await memories.writeMemory({ memory: visit });
  expectEqual("again", again.outcome, Outcome.REVIVED);
};

const expiredBefore: Step = async ({ cairn }) => {
  const memory = { kind: "visit", content: "Too late", expireTime: timestampFromMs(Date.now() - HOUR_MS) };
  const call = cairn.memories.writeMemory({ memory });
  await expectFailure("write", call, { code: Code.InvalidArgument, reason: "EXPIRE_TIME_PAST" });
};

/** Steps 9 to 13. */
export const lifetimes: readonly Step[] = [remove, restore, revive, expire, expiredBefore];
