import type { ClientLanguage } from "../client-language.ts";

const folder = ".cache/clients/python";
const interpreter = `${folder}/venv/bin/python`;
/** The package as it lies in the repository; a newcomer's first steps show that it can be installed. */
const env = { PYTHONPATH: "gen/python/src", PYTHONDONTWRITEBYTECODE: "1" };
/** What of it is generated, gen/python/pyproject.toml leaves out. */
const byHand = ["gen/python", "test/clients/python", "scripts/generation/python"];
const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];

export const python: ClientLanguage = {
  name: "python",
  wires: ["connect", "connect-json", "connect-async", "grpc", "grpc-web", "grpcio"],
  stormWire: "connect",
  build: [
    { argv: ["python3", "-m", "venv", `${folder}/venv`] },
    {
      argv: [interpreter, ...pip, "--only-binary", ":all:", "--no-deps", "-r", "test/clients/python/requirements.txt"],
    },
    { argv: [interpreter, "-m", "ruff", "check", "--no-cache", "--quiet", ...byHand] },
    { argv: [interpreter, "-m", "ruff", "format", "--no-cache", "--check", ...byHand] },
    {
      argv: [interpreter, "-m", "mypy", "--config-file", "gen/python/pyproject.toml", "--cache-dir", `${folder}/mypy`],
      env,
    },
    { argv: [interpreter, "-m", "unittest", "discover", "--start-directory", "gen/python/tests"], env },
  ],
  runner: { argv: [interpreter, "test/clients/python/play.py"], env },
  stranger: {
    readme: "gen/python/README.md",
    fence: "python",
    file: "first.py",
    install: (repository) => [
      { argv: ["python3", "-m", "venv", "venv"] },
      { argv: ["venv/bin/python", ...pip, `${repository}/gen/python`] },
    ],
    run: { argv: ["venv/bin/python", "first.py"] },
  },
};
