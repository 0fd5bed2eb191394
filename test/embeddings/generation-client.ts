import type { Client } from "@connectrpc/connect";
import { expect } from "vitest";
import { EmbeddingGenerationState as State } from "../../gen/server/cairn/v1/embedding_pb.ts";
import { EmbeddingService } from "../../gen/server/cairn/v1/embedding_service_pb.ts";
import { clientOf } from "../app/wires.ts";

type Reachable = Parameters<typeof clientOf>[1];

export { State };

export function embeddingsOf(app: Reachable, key: string): Client<typeof EmbeddingService> {
  return clientOf(EmbeddingService, app, { key });
}

export async function generationsOf(app: Reachable, key: string) {
  return (await embeddingsOf(app, key).listEmbeddingGenerations({})).generations;
}

/** Resolves once the model's generation is the active one. */
export async function isActive(app: Reachable, key: string, model: string, timeout: number): Promise<void> {
  const active = async () => (await generationsOf(app, key)).find((one) => one.state === State.ACTIVE)?.model;
  await expect.poll(active, { timeout, interval: 250 }).toBe(model);
}
