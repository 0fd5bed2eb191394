import type { CollectionResults } from "./result.ts";

const BEGIN = "<!-- measured: begin -->";
const END = "<!-- measured: end -->";
const HEADINGS = ["method", "R@1", "R@5", "R@10", "R@20", "MRR", "nDCG@10"];

/** A page with what stands between its two marks replaced. Throws where it has not both, in order. */
export function withResults(page: string, collections: readonly CollectionResults[]): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`the page has no ${BEGIN} with ${END} behind it`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${collections.map(sectionOf).join("\n")}\n${page.slice(end)}`;
}

function sectionOf({ name, conversations, memories, questions, generation, results }: CollectionResults): string {
  const best = (figure: (cells: readonly string[]) => string) =>
    results
      .map((one) => figure(figuresOf(one.measures)))
      .toSorted()
      .at(-1);
  const bests = HEADINGS.slice(1).map((_, at) => best((cells) => cells[at]!));
  const rows = results.map(({ method, measures }) => {
    const cells = figuresOf(measures).map((cell, at) => (cell === bests[at] ? `**${cell}**` : cell));
    return `| ${[method, ...cells].join(" | ")} |`;
  });
  const counts = `${conversations} conversations, ${memories.toLocaleString("en")} memories, ${questions} questions; ${generation}`;
  const commands = results.map(({ method, command }) => `- ${method}: \`${command}\``);
  return [
    `### ${name}`,
    "",
    `${counts}.`,
    "",
    `| ${HEADINGS.join(" | ")} |`,
    "|---".repeat(HEADINGS.length).concat("|"),
    ...rows,
    "",
    ...commands,
    "",
  ].join("\n");
}

function figuresOf({ recall, mrr, ndcg10 }: CollectionResults["results"][number]["measures"]): readonly string[] {
  return [recall[1], recall[5], recall[10], recall[20], mrr, ndcg10].map((figure) => figure.toFixed(3));
}
