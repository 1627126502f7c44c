/** The front door: builds the parts, registers the commands and starts the server. */
import { commands, type ExtensionContext, window, workspace } from "vscode";

import { lookOf } from "./appearance";
import { Bar } from "./bar";
import { COMMANDS, type Parts, PREFIX, showMenu } from "./commands";
import { Explanations } from "./fixes";
import { endAll } from "./process";
import { Server } from "./server";
import { SECTION } from "./settings";
import { Statistics } from "./statistics";

const WELCOMED = "welcomed";
const MENU = `${PREFIX}menu`;

let server: Server | undefined;

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Understudy", { log: true });
  const explanations = new Explanations();
  const running = (server = new Server(context, log, explanations));
  const bar = new Bar(running, MENU);
  const statistics = new Statistics(running);
  const parts: Parts = { server: running, log, statistics, view: () => bar.view() };
  const titles = commandTitles(context);
  context.subscriptions.push(
    log,
    bar,
    explanations,
    statistics,
    ...COMMANDS.map((row) => commands.registerCommand(PREFIX + row.id, () => row.run(parts))),
    commands.registerCommand(MENU, () => showMenu(parts, lookOf(bar.view()).says, titles)),
    workspace.onDidChangeConfiguration((change) => {
      // Only another program needs a start; the server reads the rest anew.
      if (change.affectsConfiguration(`${SECTION}.server.path`)) {
        void running.restart();
      } else if (change.affectsConfiguration(SECTION)) {
        void running.tellSettings();
      }
    }),
    workspace.onDidGrantWorkspaceTrust(() => running.tellSettings()),
    workspace.onDidChangeWorkspaceFolders(() => running.tellSettings()),
  );
  void running.start();
  void welcome(context);
}

export async function deactivate(): Promise<void> {
  endAll();
  await server?.stop();
}

/** Show the walkthrough once. */
async function welcome(context: ExtensionContext): Promise<void> {
  if (context.globalState.get<boolean>(WELCOMED) !== true) {
    await context.globalState.update(WELCOMED, true);
    await commands.executeCommand(`${PREFIX}openWalkthrough`);
  }
}

/** What the manifest calls each command. */
function commandTitles(context: ExtensionContext): ReadonlyMap<string, string> {
  const manifest = context.extension.packageJSON as {
    contributes: { commands: readonly { command: string; title: string }[] };
  };
  return new Map(manifest.contributes.commands.map(({ command, title }) => [command, title]));
}
