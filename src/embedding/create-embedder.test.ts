import { expect, it } from "vitest";
import { createEmbedder } from "./create-embedder.ts";
import { loadShippedModel } from "./static/shipped-model.ts";

it("makes the provider that is named", async () => {
  const model = await loadShippedModel();
  expect(createEmbedder({ provider: "none" }, model)).toBeNull();
  expect(createEmbedder({ provider: "static" }, model)).toMatchObject({
    model: "static-v1",
    dimensions: 256,
    local: true,
  });
  expect(createEmbedder({ provider: "openai", url: "http://h/v1/", model: "m", dimensions: 8 }, model)).toMatchObject({
    model: "openai:m",
    dimensions: 8,
    local: false,
  });
});
