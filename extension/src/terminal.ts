/** Commands of `understudy` that talk to the user run in a terminal. */
import { window } from "vscode";

import type { Server } from "./server";

/** Run `understudy` with `words` where the user sees it and can stop it. */
export async function openTerminal(server: Server, ...words: readonly string[]): Promise<void> {
  const launch = await server.found();
  if (launch === undefined) {
    void window.showWarningMessage("Understudy's server is not installed. Install it from the status bar first.");
    return;
  }
  const name = ["understudy", ...words].join(" ");
  window.createTerminal({ name, shellPath: launch.command, shellArgs: [...launch.args, ...words] }).show();
}
