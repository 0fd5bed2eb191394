export * from "./gen/index.js";
export { Cairn, type CairnOptions } from "./client/cairn.js";
export { CairnError, type ErrorReasonName } from "./client/cairn-error.js";
export { Search } from "./client/search.js";
