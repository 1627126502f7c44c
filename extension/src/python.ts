/** Finding a Python that can run the server. */
import { extensions, workspace } from "vscode";

import { run } from "./process";

const OLDEST = [3, 11] as const;

interface Candidate {
  readonly command: string;
  readonly args: readonly string[];
}

/** A Python that will do, or why there is none. */
export type Search = { readonly python: Candidate } | { readonly missing: string };

/** On the PATH, the newest names after the plain one, which is what the user calls Python. */
const ON_PATH: readonly Candidate[] = [
  ...["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11"].map((command) => ({
    command,
    args: [],
  })),
  ...(process.platform === "win32" ? [{ command: "py", args: ["-3"] }] : []),
];

// The version comes first, so that it is known also where Debian's split-off `python3-venv` is missing.
const PROBE = "import sys; print('%d.%d' % sys.version_info[:2]); import ensurepip, venv";

/**
 * The first Python that is new enough and can make environments: the one that the user names, else one on the PATH,
 * else the one that the Python extension has chosen. That one may lie in the workspace, so only a trusted one counts.
 */
export async function findPython(named: string, cwd: string): Promise<Search> {
  if (named) {
    const found = await probe({ command: named, args: [] }, cwd);
    return found === "" ? { python: { command: named, args: [] } } : { missing: `${named} ${found}` };
  }
  const reasons: string[] = [];
  for (const candidate of [...ON_PATH, ...(await chosenInPythonExtension())]) {
    const found = await probe(candidate, cwd);
    if (found === "") {
      return { python: candidate };
    }
    if (found !== ABSENT) {
      reasons.push(`${candidate.command} ${found}`);
    }
  }
  return { missing: reasons[0] ?? "none was found on the PATH" };
}

const ABSENT = "cannot be run";

/** What is wrong with a candidate; empty if nothing is. */
async function probe(candidate: Candidate, cwd: string): Promise<string> {
  const { code, output } = await run(candidate.command, [...candidate.args, "-I", "-c", PROBE], { cwd });
  const version = /^(\d+)\.(\d+)$/m.exec(output);
  if (!version) {
    return ABSENT;
  }
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    return `is version ${version[0]}`;
  }
  return code === 0 ? "" : "cannot make environments (on Debian: `apt install python3-venv`)";
}

interface PythonExtension {
  readonly environments?: {
    getActiveEnvironmentPath(): unknown;
    resolveEnvironment(path: unknown): Promise<{ executable: { uri?: { fsPath: string } } } | undefined>;
  };
}

async function chosenInPythonExtension(): Promise<readonly Candidate[]> {
  const extension = extensions.getExtension<PythonExtension>("ms-python.python");
  if (!extension || !workspace.isTrusted) {
    return [];
  }
  try {
    const { environments } = await extension.activate();
    const found = await environments?.resolveEnvironment(environments.getActiveEnvironmentPath());
    const command = found?.executable.uri?.fsPath;
    return command === undefined ? [] : [{ command, args: [] }];
  } catch {
    return []; // Its own trouble is not ours to report.
  }
}
