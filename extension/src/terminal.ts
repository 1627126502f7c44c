/** Commands of `understudy` that talk to the user run in a terminal, as a task, which stays open when they end. */
import { homedir } from "node:os";

import { ProcessExecution, Task, tasks, TaskScope, window, workspace } from "vscode";

import type { Server } from "./server";

/** Run `understudy` with `words` where the user sees it and can stop it. */
export async function openTerminal(server: Server, ...words: readonly string[]): Promise<void> {
  const launch = await server.found();
  if (launch === undefined) {
    if (server.phase.kind === "failed") {
      void window.showWarningMessage(`Understudy: ${server.phase.message}`);
    } else {
      await server.restart(); // It offers to install what is missing.
    }
    return;
  }
  const cwd = workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
  const execution = new ProcessExecution(launch.command, [...launch.args, ...words], { cwd });
  await tasks.executeTask(new Task({ type: "process" }, TaskScope.Workspace, words.join(" "), "understudy", execution));
}
