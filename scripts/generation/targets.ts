import { firstCall } from "./first-call.ts";
import { go } from "./go.ts";
import { java } from "./java.ts";
import { python } from "./python.ts";
import { rust } from "./rust.ts";
import { openapi, server } from "./server.ts";
import type { Target } from "./target.ts";
import { typescript } from "./typescript.ts";

/** All that is generated, in the order in which it is. */
export const targets: readonly Target[] = [server, openapi, typescript, go, rust, java, python, firstCall];
