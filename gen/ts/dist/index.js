export * from "../generated/index.js";
export { Cairn } from "./client/cairn.js";
export { CairnError } from "./client/cairn-error.js";
export { Search } from "./client/search.js";
