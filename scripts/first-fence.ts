/** The text of a Markdown page's first code fence of a language; undefined where it has none. */
export function firstFence(page: string, language: string): string | undefined {
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(page)?.[1];
}
