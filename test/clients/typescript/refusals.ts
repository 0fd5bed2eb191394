import { Code } from "@connectrpc/connect";
import { expectEqual, expectFailure } from "./expect.ts";
import { drink, type Step } from "./stage.ts";

const LIMIT = 50_000;
const sample = "Grüße 你好 שלום 👋🏽 ";

const whoAreYou: Step = async (stage) => {
  const request = { memoryId: stage.drinkId };
  const nobody = stage.connect({ apiKey: "" });
  const missing = { code: Code.Unauthenticated, reason: "CREDENTIALS_MISSING" } as const;
  await expectFailure("no key", nobody.memories.getMemory(request), missing);
  nobody.close();
  const stranger = stage.connect({ apiKey: "cairn_wrong" });
  const invalid = { code: Code.Unauthenticated, reason: "CREDENTIALS_INVALID" } as const;
  await expectFailure("wrong key", stranger.memories.getMemory(request), invalid);
  stranger.close();
};

const forbidden: Step = async (stage) => {
  const reader = stage.connect({ apiKey: stage.run.read_key });
  const metadata = { scope: "memory:write" };
  const call = reader.memories.writeMemory({ memory: drink });
  await expectFailure("write", call, { code: Code.PermissionDenied, reason: "SCOPE_MISSING", metadata });
  reader.close();
};

const notFound: Step = async ({ cairn }) => {
  const nobody = "0190a1b2-0000-7000-8000-000000000000";
  const absent = { code: Code.NotFound, reason: "MEMORY_NOT_FOUND" } as const;
  await expectFailure("unknown", cairn.memories.getMemory({ memoryId: nobody }), absent);
  const metadata = { field: "memory_id" };
  const invalid = { code: Code.InvalidArgument, reason: "INVALID_FIELD", metadata } as const;
  await expectFailure("abc", cairn.memories.getMemory({ memoryId: "abc" }), invalid);
};

const unicode: Step = async ({ cairn }) => {
  const letters = [...sample.repeat(LIMIT / 10)];
  const content = letters.slice(0, LIMIT).join("");
  const { memory } = await cairn.memories.writeMemory({ memory: { kind: "unicode", content } });
  const read = await cairn.memories.getMemory({ memoryId: memory!.id });
  expectEqual("code points", [...(read.memory?.content ?? "")].length, LIMIT);
  expectEqual("equal", read.memory?.content === content, true);
  const longer = { kind: "unicode", content: letters.slice(0, LIMIT + 1).join("") };
  const metadata = { field: "memory.content" };
  const invalid = { code: Code.InvalidArgument, reason: "INVALID_FIELD", metadata } as const;
  await expectFailure("one more", cairn.memories.writeMemory({ memory: longer }), invalid);
};

/** Steps 24 to 27. */
export const refusals: readonly Step[] = [whoAreYou, forbidden, notFound, unicode];
