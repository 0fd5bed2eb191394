import { Code } from "@connectrpc/connect";
import { Change } from "../../../gen/ts/dist/index.js";
import { expectEqual, expectFailure, expectTrue } from "./expect.ts";
import { listKind, type Step } from "./stage.ts";

const NOTES = 100;

const paging: Step = async (stage) => {
  const filter = { kinds: ["note"] };
  const ids: string[] = [];
  let pages = 0;
  let pageToken = "";
  do {
    const page = await stage.cairn.memories.listMemories({ filter, pageSize: 7, pageToken });
    ids.push(...page.memories.map((memory) => memory.id));
    pageToken = page.nextPageToken;
    pages++;
  } while (pageToken !== "");
  expectEqual("pages", pages, 15);
  expectEqual("memories", new Set(ids).size, NOTES);
  expectEqual("newest first", ids, [...ids].sort().reverse());
  const iterated: string[] = [];
  for await (const memory of stage.cairn.list({ filter, pageSize: 7 })) iterated.push(memory.id);
  expectEqual("by the iterator", iterated, ids);
};

const filters: Step = async (stage) => {
  const deal = { kind: "deal", content: "A deal", subjectType: "person" };
  const bern = [{ type: "city", id: "bern" }];
  const writes = [
    { ...deal, subjectId: "bob", tags: ["red"] },
    { ...deal, subjectId: "bob", tags: ["red", "blue"], linkedEntities: bern },
    { ...deal, subjectId: "eve", tags: ["blue"] },
  ];
  for (const memory of writes) await stage.cairn.memories.writeMemory({ memory });
  const count = async (filter: object) => (await listKind(stage, "deal", filter)).length;
  expectEqual("by subject", await count({ subjectType: "person", subjectId: "bob" }), 2);
  expectEqual("by all tags", await count({ tagsAll: ["red", "blue"] }), 1);
  expectEqual("by no tag", await count({ tagsNone: ["red"] }), 1);
  expectEqual("by linked entity", await count({ linkedEntity: { type: "city", id: "bern" } }), 1);
};

const historyAndPurge: Step = async ({ cairn, drinkId }) => {
  const { revisions } = await cairn.memories.listRevisions({ memoryId: drinkId });
  const numbers = revisions.map((one) => one.revision);
  expectTrue(`${numbers} fall by one down to 1`, numbers.length > 0 && numbers.at(-1) === 1);
  expectEqual(
    "numbers",
    numbers,
    Array.from(numbers, (_, index) => numbers.length - index),
  );
  expectEqual("purged", (await cairn.memories.purgeMemory({ memoryId: drinkId })).memoryId, drinkId);
  const absent = { code: Code.NotFound, reason: "MEMORY_NOT_FOUND" } as const;
  await expectFailure("get", cairn.memories.getMemory({ memoryId: drinkId, showDeleted: true }), absent);
  const left = (await cairn.memories.listRevisions({ memoryId: drinkId })).revisions;
  expectEqual(
    "left",
    left.map(({ change, memory }) => [change, memory === undefined]),
    [[Change.PURGED, true]],
  );
};

/** Steps 28 to 30. */
export const lists: readonly Step[] = [paging, filters, historyAndPurge];
