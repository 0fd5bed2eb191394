import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { EmbeddingStatus, Outcome, WriteMode } from "../../../gen/ts/dist/index.js";
import { expectEqual, expectFailure, expectTrue } from "./expect.ts";
import { drink, type Step } from "./stage.ts";

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const FIVE_MINUTES_MS = 300_000;

const write: Step = async (stage) => {
  const { memory, outcome } = await stage.cairn.memories.writeMemory({ memory: drink });
  stage.drinkId = memory?.id ?? "";
  expectEqual("outcome", outcome, Outcome.CREATED);
  expectEqual("revision", memory?.revision, 1);
  expectTrue("the id is a UUID", UUID.test(stage.drinkId));
  expectEqual("embedding_status", memory?.embeddingStatus, EmbeddingStatus.ATTACHED);
};

const readBack: Step = async (stage) => {
  const { memory } = await stage.cairn.memories.getMemory({ memoryId: stage.drinkId });
  for (const field of Object.keys(drink).filter((name) => name !== "linkedEntities")) {
    expectEqual(field, memory?.[field as keyof typeof memory], drink[field as keyof typeof drink]);
  }
  const linked = memory?.linkedEntities.map(({ type, id }) => [type, id]);
  expectEqual("linked_entities", linked, [["project", "cairn"]]);
  const age = Math.abs(Date.now() - timestampMs(memory!.createTime!));
  expectTrue("create_time is within five minutes of now", age < FIVE_MINUTES_MS);
};

const writeAgain: Step = async (stage) => {
  const { memory, outcome } = await stage.cairn.memories.writeMemory({ memory: drink });
  expectEqual("answer", [outcome, memory?.id, memory?.revision], [Outcome.UNCHANGED, stage.drinkId, 1]);
};

const upsert: Step = async (stage) => {
  const memory = { ...drink, content: "Prefers black coffee", tags: [] };
  const answer = await stage.cairn.memories.writeMemory({ memory });
  expectEqual("outcome", answer.outcome, Outcome.UPDATED);
  expectEqual("memory", [answer.memory?.id, answer.memory?.revision, answer.memory?.tags], [stage.drinkId, 2, []]);
};

const neverTwice: Step = async (stage) => {
  const call = stage.cairn.memories.writeMemory({ memory: drink, mode: WriteMode.CREATE_ONLY });
  const metadata = { memory_id: stage.drinkId };
  await expectFailure("CREATE_ONLY", call, { code: Code.AlreadyExists, reason: "MEMORY_ALREADY_EXISTS", metadata });
};

const onlyIfThere: Step = async (stage) => {
  const call = stage.cairn.memories.writeMemory({ memory: { ...drink, key: "nothing" }, mode: WriteMode.UPDATE_ONLY });
  await expectFailure("UPDATE_ONLY", call, { code: Code.NotFound, reason: "MEMORY_NOT_FOUND" });
};

const hotDrink = (memoryId: string) => ({
  memoryId,
  memory: { title: "Hot drink" },
  updateMask: { paths: ["title"] },
  expectedRevision: 2,
});

const compareAndSet: Step = async (stage) => {
  const { memory, outcome } = await stage.cairn.memories.updateMemory(hotDrink(stage.drinkId));
  expectEqual("outcome", [outcome, memory?.revision], [Outcome.UPDATED, 3]);
  expectEqual("memory", [memory?.title, memory?.content], ["Hot drink", "Prefers black coffee"]);
};

const conflict: Step = async (stage) => {
  const call = stage.cairn.memories.updateMemory(hotDrink(stage.drinkId));
  const metadata = { revision: "3" };
  await expectFailure("update", call, { code: Code.Aborted, reason: "REVISION_MISMATCH", metadata });
};

/** Steps 1 to 8. */
export const writes: readonly Step[] = [
  write,
  readBack,
  writeAgain,
  upsert,
  neverTwice,
  onlyIfThere,
  compareAndSet,
  conflict,
];
