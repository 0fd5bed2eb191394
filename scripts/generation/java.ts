import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { javaMethods } from "./java-methods.ts";
import { pinnedTools } from "./pinned-tools.ts";
import { bufGenerate, root, runTool } from "./run-tool.ts";
import { describedServices } from "./service-description.ts";
import type { Target } from "./target.ts";

// protoc-gen-grpc-java 1.84 and 1.85 were published without executables; what 1.83.1 generates runs on them.
const plugins = {
  protoc: "com.google.protobuf:protoc:4.36.2",
  "protoc-gen-grpc-java": "io.grpc:protoc-gen-grpc-java:1.83.1",
};
const copier = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";
const repository = join(root, ".cache/maven");

/** The Java client: messages, grpc-java's stubs, and a method of our own for each RPC. Needs Maven. */
export const java: Target = {
  name: "java",
  folders: ["gen/java/src/generated/java"],
  instant: false,
  install: () => pinnedTools("java", Object.values(plugins), copyPlugins),
  generate: async (base) => {
    await bufGenerate("buf.gen.java.yaml", base);
    const folder = join(base, "gen/java/src/generated/java/dev/cairnmemory");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "CairnMethods.java"), javaMethods(await describedServices()));
  },
};

async function copyPlugins(folder: string): Promise<void> {
  await runTool("mvn", ["--version"]).catch(() => {
    throw new Error(
      "Maven is missing: install Java 17 and Maven 3.8 or newer (https://maven.apache.org) and put them on PATH",
    );
  });
  for (const [program, pin] of Object.entries(plugins)) {
    const artifact = `${pin}:exe:${classifier()}`;
    const options = [`-Dmaven.repo.local=${repository}`, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`];
    await runTool("mvn", ["-q", "-B", copier, ...options]);
    const [, name, version] = pin.split(":");
    renameSync(join(folder, `${name}-${version}-${classifier()}.exe`), join(folder, program));
    chmodSync(join(folder, program), 0o755);
  }
}

/** What Maven Central calls this machine. */
function classifier(): string {
  const system = { linux: "linux", darwin: "osx", win32: "windows" }[process.platform as string];
  const processor = { x64: "x86_64", arm64: "aarch_64" }[process.arch as string];
  if (system === undefined || processor === undefined) {
    throw new Error(`no protoc is published for ${process.platform} on ${process.arch}`);
  }
  return `${system}-${processor}`;
}
