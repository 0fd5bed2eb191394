import { randomUUID } from "node:crypto";
import { type Timestamp, timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, expect, it } from "vitest";
import { collect } from "../app/collect.ts";
import { describeOnEngines } from "../app/engines.ts";
import { type ServedApp, serveApp } from "../app/served-app.ts";
import { type MemoryClient, makeWorkspace, memoriesOf } from "../app/tenants.ts";

const GROUPS = 20;
const GROUP_SIZE = 50;
const LEAD_MS = 1000;
const STAGGER_MS = 6;

interface Expiring {
  readonly id: string;
  readonly tag: string;
  readonly expiresAt: number;
}

/** One answered call: when it began and ended by this machine's clock, which is the server's, and whom it showed. */
interface Answer {
  readonly began: number;
  readonly ended: number;
  /** Of these it had to show all that lived. */
  readonly asked: readonly Expiring[];
  readonly shown: ReadonlySet<string>;
}

describeOnEngines("1,000 memories that expire 6 ms apart", (engine) => {
  let app: ServedApp;
  let memories: MemoryClient;
  let expiring: Expiring[];

  beforeAll(async () => {
    app = await serveApp(engine);
    memories = memoriesOf(app, await makeWorkspace(app));
    const start = Date.now() + 20 * (await batchMs(memories)) + LEAD_MS;
    const planned = Array.from({ length: GROUPS * GROUP_SIZE }, (_, index) => ({
      // Neighbours in time are in different groups, so that every group dies slowly.
      tag: `group-${index % GROUPS}`,
      expiresAt: start + index * STAGGER_MS,
    }));
    expiring = [];
    for (let at = 0; at < planned.length; at += 100) {
      const batch = planned.slice(at, at + 100);
      const writes = batch.map(({ tag, expiresAt }) => ({
        memory: {
          ...{ kind: "offer", tags: [tag], expireTime: timestampFromMs(expiresAt) as Timestamp },
          content: `A lighthouse offer, number ${randomUUID()}.`,
        },
      }));
      const { results } = await memories.batchWriteMemories({ writes });
      expiring.push(...batch.map((one, index) => ({ ...one, id: results[index]!.memoryId })));
    }
  });

  afterAll(() => app.close());

  it("are shown by get, list and search until their instant, and not by a call that begins after it", async () => {
    const last = expiring.at(-1)!.expiresAt;
    const pollers = [
      ...Array.from({ length: 2 }, () => poll(last, () => getNext(memories, expiring))),
      poll(last, () => listGroup(memories, expiring)),
      poll(last, () => searchGroup(memories, expiring)),
    ];
    const answers = (await Promise.all(pollers)).flat();
    const late = answers.flatMap((answer) =>
      expiring
        .filter((one) => answer.shown.has(one.id) && one.expiresAt <= answer.began)
        .map((one) => ({ one, answer })),
    );
    const missing = answers.flatMap((answer) =>
      answer.asked
        .filter((one) => !answer.shown.has(one.id) && one.expiresAt > answer.ended)
        .map((one) => ({ one, answer })),
    );
    expect(late).toEqual([]);
    expect(missing).toEqual([]);
    // The calls looked at living and at dead ones alike, close to the instants.
    expect(answers.length).toBeGreaterThan(100);
    expect(answers.some((answer) => answer.shown.size > 0)).toBe(true);
    expect(answers.some((answer) => answer.asked.some((one) => one.expiresAt <= answer.began))).toBe(true);
  });
});

/** How long this machine takes for a batch of 100 just now: all ten are written before the first expiry. */
async function batchMs(memories: MemoryClient): Promise<number> {
  const began = Date.now();
  const writes = Array.from({ length: 100 }, () => ({ memory: { kind: "probe", content: `Probe ${randomUUID()}.` } }));
  await memories.batchWriteMemories({ writes });
  return Date.now() - began;
}

async function poll(until: number, ask: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (Date.now() <= until + 200) {
    answers.push(await ask());
  }
  return answers;
}

/** Reads the memory whose instant is nearest. */
async function getNext(memories: MemoryClient, expiring: readonly Expiring[]): Promise<Answer> {
  const soon = Date.now() + Math.floor(Math.random() * 20) - 10;
  const one = expiring.find(({ expiresAt }) => expiresAt >= soon) ?? expiring.at(-1)!;
  const began = Date.now();
  const shown = new Set<string>();
  try {
    const { memory } = await memories.getMemory({ memoryId: one.id });
    expect(timestampMs(memory!.expireTime!)).toBe(one.expiresAt);
    shown.add(memory!.id);
  } catch (error) {
    if (!(error instanceof ConnectError) || error.code !== Code.NotFound) throw error;
  }
  return { began, ended: Date.now(), asked: [one], shown };
}

function anyGroup(expiring: readonly Expiring[]): readonly Expiring[] {
  const tag = `group-${Math.floor(Math.random() * GROUPS)}`;
  return expiring.filter((one) => one.tag === tag);
}

async function listGroup(memories: MemoryClient, expiring: readonly Expiring[]): Promise<Answer> {
  const asked = anyGroup(expiring);
  const began = Date.now();
  const page = await memories.listMemories({ filter: { tagsAny: [asked[0]!.tag] }, pageSize: 100 });
  return { began, ended: Date.now(), asked, shown: new Set(page.memories.map((memory) => memory.id)) };
}

async function searchGroup(memories: MemoryClient, expiring: readonly Expiring[]): Promise<Answer> {
  const asked = anyGroup(expiring);
  const began = Date.now();
  const parts = await collect(
    memories.search({ query: "lighthouse offer", limit: 100, filter: { tagsAny: [asked[0]!.tag] } }),
  );
  const shown = new Set(parts.flatMap(({ part }) => (part.case === "result" ? [part.value.memory!.id] : [])));
  return { began, ended: Date.now(), asked, shown };
}
