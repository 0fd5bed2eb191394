import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { firstFence } from "../first-fence.ts";
import { root } from "./run-tool.ts";
import type { Target } from "./target.ts";

const FOLDER = "docs/first-call";

/** The languages: how their READMEs mark the program, the file that it belongs into, and what runs it in an empty folder. */
const languages = [
  {
    name: "TypeScript, JavaScript",
    ...{ readme: "gen/ts/README.md", fence: "js", file: "first.mjs" },
    commands: ["npm init -y", 'npm install --install-links "$CAIRN/gen/ts"', "node first.mjs"],
  },
  {
    name: "Python",
    ...{ readme: "gen/python/README.md", fence: "python", file: "first.py" },
    commands: ["python3 -m venv venv", 'venv/bin/pip install "$CAIRN/gen/python"', "venv/bin/python first.py"],
  },
  {
    name: "Go",
    ...{ readme: "gen/go/README.md", fence: "go", file: "main.go" },
    commands: [
      "go mod init example",
      'go mod edit -replace "github.com/cairn-memory/cairn-go=$CAIRN/gen/go"',
      "go mod tidy",
      "go run .",
    ],
  },
  {
    name: "Java",
    ...{ readme: "gen/java/README.md", fence: "java", file: "Example.java" },
    commands: [
      'mvn -q -f "$CAIRN/gen/java/pom.xml" install -DskipTests',
      'mvn -q -f "$CAIRN/gen/java/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$PWD/jars"',
      'java -cp "$CAIRN/gen/java/target/classes:jars/*" Example.java',
    ],
  },
  {
    name: "Rust",
    ...{ readme: "gen/rust/README.md", fence: "rust", file: "src/main.rs" },
    commands: [
      "cargo init --name first",
      'cargo add --path "$CAIRN/gen/rust"',
      "cargo add tokio --features macros,rt-multi-thread",
      "cargo run",
    ],
  },
] as const;

const head = `# Call it from your language

The same program five times: write a memory, search for it, and say why where a call fails. Start a server with \`npm start\` in a checkout of
Cairn; then, for any of the programs, in an empty folder:

\`\`\`sh
export CAIRN=/path/to/cairn                           # the checkout: no package is published yet
export CAIRN_URL=http://127.0.0.1:8080
export CAIRN_API_KEY=$(cat "$CAIRN/.cairn/root-key")  # or one that \`cairn keys create\` printed
\`\`\`

Each program is that of its package's README, which the clients' suite runs unchanged. It prints what the search found, which is the memory
that it wrote. [What the clients do for you](../clients.md).
`;

/** One page with the first example of every README, so that the two cannot differ. */
export const firstCall: Target = {
  name: "docs",
  folders: [FOLDER],
  instant: true,
  install: async () => {},
  generate: async (base) => {
    const sections = languages.map(({ name, readme, fence, file, commands }) => {
      const program = firstFence(readFileSync(join(root, readme), "utf8"), fence);
      if (program === undefined) throw new Error(`${readme} has no \`\`\`${fence}`);
      const code = `\`${file}\`:\n\n\`\`\`${fence}\n${program}\`\`\`\n`;
      const shell = `\`\`\`sh\n${commands.join("\n")}\n\`\`\`\n`;
      return `\n## ${name}\n\n${code}\n${shell}\nMore: [${readme}](../../${readme}).\n`;
    });
    mkdirSync(join(base, FOLDER), { recursive: true });
    writeFileSync(join(base, FOLDER, "README.md"), head + sections.join(""));
  },
};
