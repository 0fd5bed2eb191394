import type { Candidate } from "../search.ts";
import { wordsOf } from "./words-of.ts";

type Subject = Pick<Candidate, "subjectType" | "subjectId">;

/** The subject that owns a memory which is about nobody else; a query cannot name it. */
const SELF = "self";
const LEAST_LETTERS = 3;

/**
 * Tells which candidates are about the one subject that the query names: by all words of its subject_id side by side, or by the
 * first of them. Null: it names none of the candidates' subjects, or more than one.
 */
export function participantOf(query: string, candidates: readonly Subject[]): ((candidate: Subject) => boolean) | null {
  const asked = ` ${wordsOf(query).join(" ")} `;
  const named = new Set<string>();
  const seen = new Set<string>();
  for (const { subjectType, subjectId } of candidates) {
    if (subjectType === SELF || subjectId === null || seen.has(subjectId)) continue;
    seen.add(subjectId);
    if (isNamed(asked, subjectId)) named.add(subjectId);
  }
  if (named.size !== 1) return null;
  return ({ subjectType, subjectId }) => subjectType !== SELF && subjectId !== null && named.has(subjectId);
}

function isNamed(asked: string, subjectId: string): boolean {
  const words = wordsOf(subjectId);
  if (words.length === 0) return false;
  if (asked.includes(` ${words.join(" ")} `)) return true;
  const first = words[0]!;
  return first.length >= LEAST_LETTERS && !/\p{N}/u.test(first) && asked.includes(` ${first} `);
}
