import type { Candidate } from "../search.ts";
import { wordsOf } from "./words-of.ts";

type Subject = Pick<Candidate, "subjectType" | "subjectId">;

/** Whom the candidates of a search are about. */
export interface Participants {
  /** Tells which candidates are about the one whom the query names. Null: it names none of them, or more than one. */
  readonly isNamed: ((candidate: Subject) => boolean) | null;
  /** True for a word of some participant's name. */
  isName(word: string): boolean;
}

/** The subject of what an agent notes about itself; no participant. */
const SELF = "self";
const LEAST_LETTERS = 3;

/** A participant is named by all words of its subject_id side by side, or by the first of them. */
export function participantsOf(query: string, candidates: readonly Subject[]): Participants {
  const asked = ` ${wordsOf(query).join(" ")} `;
  const named = new Set<string>();
  const seen = new Set<string>();
  const names = new Set<string>();
  for (const { subjectType, subjectId } of candidates) {
    if (subjectType === SELF || subjectId === null || seen.has(subjectId)) continue;
    seen.add(subjectId);
    const words = wordsOf(subjectId);
    for (const word of words) names.add(word);
    if (isNamed(asked, words)) named.add(subjectId);
  }
  const isOne = ({ subjectType, subjectId }: Subject) =>
    subjectType !== SELF && subjectId !== null && named.has(subjectId);
  return { isNamed: named.size === 1 ? isOne : null, isName: (word) => wordsOf(word).some((one) => names.has(one)) };
}

function isNamed(asked: string, words: readonly string[]): boolean {
  if (words.length === 0) return false;
  if (asked.includes(` ${words.join(" ")} `)) return true;
  const first = words[0]!;
  return first.length >= LEAST_LETTERS && !/\p{N}/u.test(first) && asked.includes(` ${first} `);
}
