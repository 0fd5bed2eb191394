import { Code } from "@connectrpc/connect";
import { CairnError, Outcome } from "../../../gen/ts/dist/index.js";
import { expectEqual, expectFailure, expectTrue } from "./expect.ts";
import { instruct, listKind, type Stage, type Step, seenBy } from "./stage.ts";

/** A deadline of one second is long over. */
const SOON_MS = 4000;

const receiptId = (stage: Stage) => `receipt-${stage.drinkId}`;

const idempotent: Step = async (stage) => {
  const request = { memory: { kind: "receipt", content: "Paid 12.50" }, requestId: receiptId(stage) };
  const first = await stage.cairn.memories.writeMemory(request);
  const second = await stage.cairn.memories.writeMemory(request);
  expectEqual("outcomes", [first.outcome, second.outcome], [Outcome.CREATED, Outcome.CREATED]);
  expectEqual("ids", second.memory?.id, first.memory?.id);
  expectEqual("listed", (await listKind(stage, "receipt")).length, 1);
};

const reused: Step = async (stage) => {
  const request = { memory: { kind: "receipt", content: "Paid 99.00" }, requestId: receiptId(stage) };
  const call = stage.cairn.memories.writeMemory(request);
  await expectFailure("write", call, { code: Code.InvalidArgument, reason: "REQUEST_ID_REUSED" });
};

const lostAnswer: Step = async (stage) => {
  const { id, options } = instruct("lose.1");
  const { outcome } = await stage.cairn.memories.writeMemory({ memory: { kind: "lost", content: "Once" } }, options);
  expectEqual("outcome", outcome, Outcome.CREATED);
  expectEqual("calls", (await seenBy(stage, id, 2)).length, 2);
  expectEqual("listed", (await listKind(stage, "lost")).length, 1);
};

const neverRepeated: Step = async (stage) => {
  const { id, options } = instruct("refuse.1");
  const call = stage.cairn.agents.createAgent({ handle: `agent-of-${stage.drinkId.slice(-12)}` }, options);
  await expectFailure("create", call, { code: Code.Unavailable, reason: "STORAGE_UNAVAILABLE" });
  expectEqual("calls", (await seenBy(stage, id)).length, 1);
};

const readAgain: Step = async (stage) => {
  const { memories } = stage.cairn;
  const twice = instruct("refuse.2");
  const { memory } = await memories.getMemory({ memoryId: stage.drinkId }, twice.options);
  expectEqual("found", memory?.id, stage.drinkId);
  expectEqual("calls", (await seenBy(stage, twice.id, 3)).length, 3);
  const ever = instruct("refuse.1000");
  const began = performance.now();
  const call = memories.getMemory({ memoryId: stage.drinkId }, { ...ever.options, timeoutMs: 1000 });
  const error = await call.catch((thrown: unknown) => thrown);
  const codes: readonly unknown[] = [Code.Unavailable, Code.DeadlineExceeded];
  expectTrue(`${error} is a failure in time`, error instanceof CairnError && codes.includes(error.code));
  expectTrue("within 4 s", performance.now() - began < SOON_MS);
};

const batch: Step = async (stage) => {
  const { memories } = stage.cairn;
  const writes = (kind: string) => ["One", "   ", "Three"].map((content) => ({ memory: { kind, content } }));
  const { results } = await memories.batchWriteMemories({ writes: writes("batch"), atomic: false });
  const [first, second, third] = results;
  expectEqual("outcomes", [first?.outcome, third?.outcome], [Outcome.CREATED, Outcome.CREATED]);
  expectEqual("error code", second?.error?.code, Code.InvalidArgument);
  expectTrue(`field ${second?.error?.field} is the content`, second?.error?.field.endsWith("content") ?? false);
  const call = memories.batchWriteMemories({ writes: writes("atomic"), atomic: true });
  await expectFailure("atomic", call, { code: Code.InvalidArgument, reason: "INVALID_FIELD" });
  expectEqual("listed", (await listKind(stage, "atomic")).length, 0);
};

/** Step 31. */
export const atOnce: Step = async (stage) => {
  const { id, options } = instruct("hold.2");
  const request = { memory: { kind: "twice", content: "Said twice at once" }, requestId: `twice-${stage.drinkId}` };
  const write = () => stage.cairn.memories.writeMemory(request, options);
  const [first, second] = await Promise.all([write(), write()]);
  expectEqual("outcomes", [first.outcome, second.outcome], [Outcome.CREATED, Outcome.CREATED]);
  expectEqual("ids", second.memory?.id, first.memory?.id);
  const codes = (await seenBy(stage, id, 4)).map((call) => call.code).sort();
  const [refused, done] = [codes.slice(0, -2), codes.slice(-2)];
  expectTrue(
    `of ${codes} two and more are refused`,
    refused.length >= 2 && refused.every((code) => code === "aborted"),
  );
  expectEqual("done", done, ["ok", "ok"]);
  expectEqual("listed", (await listKind(stage, "twice")).length, 1);
};

/** Steps 14 to 19. */
export const repeats: readonly Step[] = [idempotent, reused, lostAnswer, neverRepeated, readAgain, batch];
