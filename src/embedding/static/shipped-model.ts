import { fileURLToPath } from "node:url";
import { loadStaticModel } from "./load-static-model.ts";
import type { StaticModel } from "./static-model.ts";

const FOLDER = fileURLToPath(new URL("../../../models/static-v1", import.meta.url));

/** The model that comes with Cairn: 256 dimensions, some 20 MB of memory. Throws ModelFailure where its files are damaged. */
export function loadShippedModel(): Promise<StaticModel> {
  return loadStaticModel(FOLDER);
}
