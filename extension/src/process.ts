/** Running a program to its end, and ending it early with everything that it started. */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

export interface Run {
  readonly cwd: string;
  /** Told each line of both outputs. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface Outcome {
  /** null: it could not be started, or was ended by a signal. */
  readonly code: number | null;
  readonly output: string;
}

const running = new Set<ChildProcess>();

/** End whatever still runs: the window closes. */
export function endAll(): void {
  for (const child of running) {
    endTree(child);
  }
}

/** Run a program. Never rejects: a program that cannot be started has no exit code. */
export function run(command: string, args: readonly string[], { cwd, onLine, signal }: Run): Promise<Outcome> {
  return new Promise((resolve) => {
    // A group of its own on POSIX, so that it can be ended whole; on Windows `taskkill /T` knows the tree.
    const detached = process.platform !== "win32";
    const child = spawn(command, args, { cwd, detached, windowsHide: true, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    const lines: string[] = [];
    const end = (): void => {
      endTree(child);
    };
    const settle = (code: number | null): void => {
      running.delete(child);
      signal?.removeEventListener("abort", end);
      resolve({ code, output: lines.join("\n") });
    };
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        onLine?.(line);
      });
    }
    child.on("error", (error) => {
      lines.push(error.message);
      settle(null);
    });
    child.on("close", settle);
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted) {
      end();
    }
  });
}

function endTree(child: ChildProcess): void {
  if (child.pid === undefined) {
    return;
  }
  if (process.platform === "win32") {
    spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
