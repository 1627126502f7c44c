/** Which program is the server. */
import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";

import { type Environment, isMade } from "./environment";

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
}

/** What can be started, or why not: nothing is installed, or the user's setting names nothing. */
export type Found = { readonly launch: Launch } | { readonly wrong: string } | "absent";

/**
 * In this order: what the user names; the environment that the user had the extension make, whose version is the
 * extension's; `understudy` on the PATH or where pipx and uv put it. A workspace has no say.
 */
export function findLaunch(named: string, environment: Environment | undefined): Found {
  if (named) {
    const command = named.replace(/^~(?=[/\\])/, homedir());
    const found = /[/\\]/.test(command) ? isFile(command) && command : onPath(command);
    return found ? { launch: { command: found, args: [] } } : { wrong: `There is no program ${named}.` };
  }
  if (environment !== undefined && isMade(environment)) {
    // -I: neither the folder it is started in nor PYTHONPATH can put other code in the place of the server's.
    return { launch: { command: environment.python, args: ["-I", "-m", "understudy"] } };
  }
  const command = onPath("understudy");
  return command === undefined ? "absent" : { launch: { command, args: [] } };
}

/** Whether a version like 0.1.0 comes before another. */
export function isOlder(version: string, other: string): boolean {
  return version.localeCompare(other, "en", { numeric: true }) < 0;
}

function onPath(name: string): string | undefined {
  const end = process.platform === "win32" && !name.endsWith(".exe") ? ".exe" : "";
  // An editor that was not started from a shell may lack the last one on its PATH.
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), join(homedir(), ".local", "bin")];
  return folders.filter(isAbsolute).map((folder) => join(folder, name + end)).find(isFile);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
