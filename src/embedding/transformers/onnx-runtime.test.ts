import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { ModelFailure } from "../model-failure.ts";
import { findOnnxRuntime } from "./onnx-runtime.ts";

it("finds the runtime where it is installed, and says how to install it where it is not", () => {
  let found: unknown;
  try {
    found = findOnnxRuntime();
  } catch (error) {
    found = error;
  }
  if (typeof found === "string") expect(existsSync(found)).toBe(true);
  else {
    expect(found).toBeInstanceOf(ModelFailure);
    expect((found as ModelFailure).message).toContain("npm install onnxruntime-node");
  }
});
