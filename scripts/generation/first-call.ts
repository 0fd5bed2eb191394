import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { firstFence } from "../first-fence.ts";
import { root } from "./run-tool.ts";
import type { Target } from "./target.ts";

const FOLDER = "docs/first-call";

/** The languages, and how their READMEs mark the program and the way to install. */
const languages = [
  { name: "TypeScript, JavaScript", readme: "gen/ts/README.md", fence: "js" },
  { name: "Python", readme: "gen/python/README.md", fence: "python" },
  { name: "Go", readme: "gen/go/README.md", fence: "go" },
  { name: "Java", readme: "gen/java/README.md", fence: "java" },
  { name: "Rust", readme: "gen/rust/README.md", fence: "rust" },
] as const;

const head = `# Call it from your language

The same program five times: write a memory, search for it, meet an error. Start a server with \`npm start\`, then

\`\`\`sh
export CAIRN_URL=http://127.0.0.1:8080
export CAIRN_API_KEY=…   # the root key that the server printed, or one of \`cairn keys create\`
\`\`\`

Each program is the one of its package's README, which the clients' suite runs unchanged. [What the clients do for you](../clients.md).
`;

/** One page with the first example of every README, so that the two cannot differ. */
export const firstCall: Target = {
  name: "docs",
  folders: [FOLDER],
  instant: true,
  install: async () => {},
  generate: async (base) => {
    const sections = languages.map(({ name, readme, fence }) => {
      const text = readFileSync(join(root, readme), "utf8");
      const program = firstFence(text, fence);
      if (program === undefined) throw new Error(`${readme} has no \`\`\`${fence}`);
      return `\n## ${name}\n\nInstall: [${readme}](../../${readme}).\n\n\`\`\`${fence}\n${program}\`\`\`\n`;
    });
    mkdirSync(join(base, FOLDER), { recursive: true });
    writeFileSync(join(base, FOLDER, "README.md"), head + sections.join(""));
  },
};
