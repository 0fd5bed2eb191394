import { expect, it } from "vitest";
import { StartupFailure } from "../../src/storage/engine/startup-failure.ts";
import { serveApp } from "../app/served-app.ts";

it("refuses to start without the model that it is told to load, in one line", async () => {
  const env = { EMBEDDING_PROVIDER: "transformers", CAIRN_MODEL_DIR: "/no/such/model" };
  const error = await serveApp("pglite", { env }).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartupFailure);
  // Which of the two comes first depends on whether the runtime is installed here.
  expect((error as StartupFailure).message).toMatch(
    /^[^\n]*(npm install onnxruntime-node|no folder \/no\/such\/model)$/,
  );
});
