import { setTimeout as rest } from "node:timers/promises";
import { type EmbeddingGeneration, EmbeddingGenerationState } from "../../gen/server/cairn/v1/embedding_pb.ts";
import { EmbeddingService } from "../../gen/server/cairn/v1/embedding_service_pb.ts";
import type { CommandIo } from "./command.ts";
import { ProgressBar } from "./progress-bar.ts";
import { callRemote, type RemoteValues } from "./remote.ts";
import { RemoteFailure } from "./remote-failure.ts";

const LEAST_REST_MS = 500;
/** Counting reads every memory, so that it takes a tenth of the time at most. */
const REST_PER_COUNT = 9;
/** A server that activates what is complete does so within this time. */
const ACTIVATION_MS = 3000;

/** Shows progress until the generation is in use, or complete and waiting for an operator. Answers it as it then is. */
export async function awaitComplete(
  begun: EmbeddingGeneration,
  values: RemoteValues,
  io: CommandIo,
): Promise<EmbeddingGeneration> {
  const bar = new ProgressBar(io.err, io.errIsTerminal ?? false, "memories");
  let completeSince: number | null = null;
  for (let now = begun; ; now = await readAgain(begun, values, io)) {
    const settled = now.memoryCount - now.missingCount;
    bar.show(Number(settled), Number(now.memoryCount));
    if (now.state !== EmbeddingGenerationState.BUILDING) {
      bar.end();
      if (now.state === EmbeddingGenerationState.ACTIVE) return now;
      throw new RemoteFailure(`generation ${now.generation} is not being built any more`);
    }
    completeSince = now.missingCount === 0n ? (completeSince ?? performance.now()) : null;
    if (completeSince !== null && performance.now() - completeSince > ACTIVATION_MS) {
      bar.end();
      return now;
    }
  }
}

/** Shows progress until the generation is gone. */
export async function awaitGone(begun: EmbeddingGeneration, values: RemoteValues, io: CommandIo): Promise<void> {
  const bar = new ProgressBar(io.err, io.errIsTerminal ?? false, "vectors erased");
  const total = Number(begun.attachedCount);
  bar.show(0, total);
  for (;;) {
    const now = await find(begun, values, io);
    bar.show(total - Math.min(total, Number(now?.attachedCount ?? 0n)), total);
    if (now === undefined) break;
  }
  bar.end();
}

async function readAgain(begun: EmbeddingGeneration, values: RemoteValues, io: CommandIo) {
  const now = await find(begun, values, io);
  if (now === undefined) throw new RemoteFailure(`generation ${begun.generation} is gone`);
  return now;
}

async function find(begun: EmbeddingGeneration, values: RemoteValues, io: CommandIo) {
  const began = performance.now();
  const { generations } = await callRemote(EmbeddingService, values, io, (client) =>
    client.listEmbeddingGenerations({}),
  );
  await rest(Math.max(LEAST_REST_MS, REST_PER_COUNT * (performance.now() - began)));
  return generations.find((one) => one.generation === begun.generation);
}
