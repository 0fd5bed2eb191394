import { join } from "node:path";
import type { ClientLanguage } from "../client-language.ts";

const repository = join(import.meta.dirname, "../../..");
// A local repository of the checkout's own: nothing is asked of the home folder, and a second run needs no network. The quick
// compiler alone, as no run of Maven is long enough for the other: it halves the processor's time.
const env = {
  MAVEN_OPTS: `-Dmaven.repo.local=${join(repository, ".cache/maven")} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC`,
};
const mvn = ["mvn", "--quiet", "--batch-mode"] as const;

// By name, as the next release of Java has others.
const lints =
  "--release 17 -Werror -Xlint:cast,deprecation,fallthrough,finally,overrides,rawtypes,serial,static,try,unchecked,varargs";
const classes = "'gen/java/target/classes:test/clients/java/target/jars/*'";

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>newcomer</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
    <exec.mainClass>Example</exec.mainClass>
  </properties>
  <dependencies>
    <dependency>
      <groupId>dev.cairnmemory</groupId>
      <artifactId>cairn-client</artifactId>
      <version>0.1.0</version>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
      <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.14.1</version></plugin>
      <plugin><groupId>org.codehaus.mojo</groupId><artifactId>exec-maven-plugin</artifactId><version>3.6.2</version></plugin>
    </plugins>
  </build>
</project>
`;

/** The Java client, on grpc-java. */
export const java: ClientLanguage = {
  name: "java",
  wires: ["grpc"],
  stormWire: "grpc",
  build: [
    { argv: [...mvn, "--file", "gen/java/pom.xml", "install"], env },
    { argv: [...mvn, "--file", "test/clients/java/pom.xml", "compile"], env },
    // Maven compiles what is generated along with the rest, and that is not ours to mend.
    {
      argv: [
        "sh",
        "-c",
        `javac ${lints} -d .cache/clients/java -cp ${classes} $(find gen/java/src/main -name '*.java')`,
      ],
    },
  ],
  runner: {
    argv: [
      "java",
      "-cp",
      "test/clients/java/target/classes:test/clients/java/target/jars/*",
      "dev.cairnmemory.scenario.Main",
    ],
  },
  stranger: {
    readme: "gen/java/README.md",
    fence: "java",
    file: "src/main/java/Example.java",
    files: () => ({ "pom.xml": pom }),
    install: (root) => [{ argv: [...mvn, "--file", join(root, "gen/java/pom.xml"), "install", "-DskipTests"], env }],
    run: { argv: [...mvn, "compile", "exec:java"], env },
  },
};
