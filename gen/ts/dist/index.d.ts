export * from "../generated/index.js";
export { Cairn } from "./client/cairn.js";
export { CairnError, type ErrorReasonName } from "./client/cairn-error.js";
export type { CairnOptions } from "./client/options.js";
export { Search } from "./client/search.js";
