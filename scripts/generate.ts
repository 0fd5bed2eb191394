/** `npm run generate`: all generated code and documents from proto/, into gen/, with no network. */
import { join } from "node:path";
import { generatedFolders, generateInto } from "./generate-into.ts";

const began = performance.now();
generateInto(join(import.meta.dirname, ".."));
console.error(`${generatedFolders.join(", ")}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
