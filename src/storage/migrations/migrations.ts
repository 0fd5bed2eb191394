import { ControlTables } from "./m0001-control-tables.ts";
import { Memories } from "./m0002-memories.ts";
import { Access } from "./m0003-access.ts";
import { Search } from "./m0004-search.ts";
import { Lexical } from "./m0005-lexical.ts";
import { EmbeddingGenerations } from "./m0006-embedding-generations.ts";
import { Deletion } from "./m0007-deletion.ts";
import { EmptyVectorIndex } from "./m0008-empty-vector-index.ts";
import { RevisionApi } from "./m0009-revision-api.ts";
import { BoundedSearch } from "./m0010-bounded-search.ts";
import { SpacedRuns } from "./m0011-spaced-runs.ts";

/** Every migration, oldest first. A new one is a new file and a new line here; a shipped one never changes. */
export const MIGRATIONS = [
  { name: "0001-control-tables", class: ControlTables },
  { name: "0002-memories", class: Memories },
  { name: "0003-access", class: Access },
  { name: "0004-search", class: Search },
  { name: "0005-lexical", class: Lexical },
  { name: "0006-embedding-generations", class: EmbeddingGenerations },
  { name: "0007-deletion", class: Deletion },
  { name: "0008-empty-vector-index", class: EmptyVectorIndex },
  { name: "0009-revision-api", class: RevisionApi },
  { name: "0010-bounded-search", class: BoundedSearch },
  { name: "0011-spaced-runs", class: SpacedRuns },
];
