export * from "../generated/index.js";
export { Cairn } from "./client/cairn.ts";
export { CairnError, type ErrorReasonName } from "./client/cairn-error.ts";
export type { CairnOptions } from "./client/options.ts";
export { Search } from "./client/search.ts";
