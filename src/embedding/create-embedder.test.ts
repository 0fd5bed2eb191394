import { expect, it } from "vitest";
import { builtInEmbedder } from "../../test/embeddings/built-in-embedder.ts";
import { createEmbedder } from "./create-embedder.ts";
import { openAiEmbedder } from "./openai-embedder.ts";

it("makes the provider that is named", () => {
  const other = openAiEmbedder({ url: "http://h/v1/", model: "other", dimensions: 4 });
  const loaded = { static: builtInEmbedder, transformers: other };
  expect(createEmbedder({ provider: "none" }, loaded)).toBeNull();
  expect(createEmbedder({ provider: "static" }, loaded)).toMatchObject({
    model: "static-v1",
    dimensions: 256,
    local: true,
  });
  expect(createEmbedder({ provider: "transformers" }, loaded)).toBe(other);
  expect(createEmbedder({ provider: "openai", url: "http://h/v1/", model: "m", dimensions: 8 }, loaded)).toMatchObject({
    model: "openai:m",
    dimensions: 8,
    local: false,
  });
});
