/** The extension's own Python environment, made from the wheel that comes with it. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { run } from "./process";

/** Where the wheel is, and where its environment is or would be. */
export interface Environment {
  readonly wheel: string;
  readonly folder: string;
  readonly python: string;
}

/** The environment of the wheel in `shipped`; undefined in a checkout, where no wheel is. */
export async function environmentIn(storage: string, shipped: string): Promise<Environment | undefined> {
  const name = existsSync(shipped) ? (await readdir(shipped)).find((file) => file.endsWith(".whl")) : undefined;
  if (name === undefined) {
    return undefined;
  }
  const wheel = join(shipped, name);
  // Named after the wheel's content: another wheel is another environment, and none is changed while a window uses it.
  const hash = createHash("sha256").update(await readFile(wheel)).digest("hex").slice(0, 12);
  const folder = join(storage, "environments", hash);
  return { wheel, folder, python: pythonIn(folder) };
}

/** Whether it has been made. */
export function isMade(environment: Environment): boolean {
  return existsSync(environment.python);
}

/** Whether another version of the extension has made one: the user has agreed to that then. */
export async function hasOlder(storage: string): Promise<boolean> {
  const folder = join(storage, "environments");
  return existsSync(folder) && (await readdir(folder)).some((name) => !name.includes(BUILDING));
}

export interface Making {
  readonly python: { readonly command: string; readonly args: readonly string[] };
  readonly storage: string;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Why an environment was not made; undefined if it was. */
export type Failure = "cancelled" | "offline" | "failed";

const BUILDING = "building-";

/** Make the environment beside its place and move it there when it is whole. */
export async function make(environment: Environment, making: Making): Promise<Failure | undefined> {
  const { python, storage, onLine, signal } = making;
  const folder = join(storage, "environments", `${BUILDING}${String(process.pid)}`);
  const install = ["-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"];
  const steps: readonly (readonly [string, readonly string[]])[] = [
    [python.command, [...python.args, "-I", "-m", "venv", "--clear", folder]],
    [pythonIn(folder), [...install, "--retries", "2", "--timeout", "15", environment.wheel]],
    [pythonIn(folder), ["-I", "-m", "understudy", "--version"]],
  ];
  try {
    await mkdir(join(storage, "environments"), { recursive: true });
    for (const [command, args] of steps) {
      const { code, output } = await run(command, args, { cwd: storage, onLine, signal });
      if (signal.aborted) {
        return "cancelled";
      }
      if (code !== 0) {
        return OFFLINE.test(output) ? "offline" : "failed";
      }
    }
    await moveTo(folder, environment);
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const OFFLINE = /NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError|SSLError|No matching distribution/;

function pythonIn(folder: string): string {
  return process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

/** The programs in `bin` would not stand the move, since they hold their path; `python -m` does. */
async function moveTo(folder: string, environment: Environment): Promise<void> {
  try {
    await rename(folder, environment.folder);
  } catch (error) {
    if (!isMade(environment)) {
      throw error;
    } // Else another window was faster.
  }
}

/**
 * Remove the environments of other wheels, and what a window that was killed had begun. For a later start: other
 * windows may still use an old one when the new one is made.
 */
export async function removeOthers(environment: Environment): Promise<void> {
  const parent = join(environment.folder, "..");
  for (const name of await readdir(parent)) {
    const other = join(parent, name);
    if (other !== environment.folder && !isBeingMade(name)) {
      await rm(other, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

function isBeingMade(name: string): boolean {
  if (!name.startsWith(BUILDING)) {
    return false;
  }
  try {
    return process.kill(Number(name.slice(BUILDING.length)), 0);
  } catch {
    return false;
  }
}
