/** The table of commands: what the palette, the menu and the walkthrough offer. */
import { commands, type LogOutputChannel, window } from "vscode";

import type { State, View } from "./appearance";
import { stateOf } from "./appearance";
import { change } from "./fixes";
import { chooseModel } from "./models";
import { ServerCommand } from "./protocol";
import type { Server } from "./server";
import { list, text, write } from "./settings";
import type { Statistics } from "./statistics";
import { openTerminal } from "./terminal";

const EXTENSION = "understudy.understudy";
const SETTINGS = "workbench.action.openSettings";
const WALKTHROUGH = "workbench.action.openWalkthrough";
/** The client library registers the server's own ids (`understudy.snooze`) while it runs; these never meet them. */
export const PREFIX = "understudy.vscode.";

/** What commands work on. */
export interface Parts {
  readonly server: Server;
  readonly log: LogOutputChannel;
  readonly statistics: Statistics;
  readonly view: () => View;
}

/** A command. `icon` and `when`: how and when the menu of the status bar offers it; without an icon it does not. */
export interface Row {
  readonly id: string;
  readonly icon?: string;
  readonly when?: (state: State, view: View) => boolean;
  readonly run: (parts: Parts) => unknown;
}

const is =
  (...states: readonly State[]) =>
  (state: State): boolean =>
    states.includes(state);
const runs = (_: State, view: View): boolean => view.phase.kind === "running";

/** Titles and keys are in the manifest; the order is the menu's. */
export const COMMANDS: readonly Row[] = [
  { id: "install", icon: "cloud-download", when: is("absent"), run: ({ server }) => server.install() },
  { id: "resume", icon: "debug-start", when: is("paused"), run: ({ server }) => send(server, ServerCommand.resume) },
  {
    id: "installEngine",
    icon: "package",
    when: (state, view) => runs(state, view) && state === "problem" && text("engine.url") === "",
    run: ({ server }) => openTerminal(server, "engine", "install"),
  },
  {
    id: "startEngine",
    icon: "play",
    when: (state, view) => runs(state, view) && (state === "problem" || engineIsOff(view)),
    run: ({ server }) => send(server, ServerCommand.startEngine),
  },
  {
    id: "snooze",
    icon: "debug-pause",
    when: is("ready", "thinking"),
    run: ({ server }) => send(server, ServerCommand.snooze),
  },
  {
    id: "toggleLanguage",
    icon: "circle-slash",
    when: (state, view) => runs(state, view) && view.language !== undefined,
    run: ({ view }) => toggleLanguage(view().language),
  },
  { id: "chooseModel", icon: "server-environment", when: runs, run: ({ server }) => chooseModel(server) },
  {
    id: "stopEngine",
    icon: "debug-stop",
    when: (state, view) => runs(state, view) && state !== "problem" && !engineIsOff(view),
    run: ({ server }) => send(server, ServerCommand.stopEngine),
  },
  { id: "showStatistics", icon: "graph", when: runs, run: ({ statistics }) => statistics.show() },
  { id: "restart", icon: "debug-restart", when: (state) => state !== "absent", run: ({ server }) => server.restart() },
  { id: "checkUp", icon: "pulse", when: is("problem"), run: ({ server }) => openTerminal(server, "doctor") },
  { id: "showLog", icon: "output", when: () => true, run: ({ log }) => { log.show(); } },
  { id: "stop", run: ({ server }) => server.stop() },
  { id: "openSettings", icon: "gear", when: () => true, run: () => open(SETTINGS, `@ext:${EXTENSION}`) },
  { id: "openWalkthrough", icon: "book", when: () => true, run: () => open(WALKTHROUGH, `${EXTENSION}#start`) },
  { id: "cancelFix", run: ({ server }) => send(server, ServerCommand.cancelFix) },
  { id: "change", run: ({ server }) => (server.phase.kind === "running" ? change(server) : offerStart(server)) },
  { id: "trigger", run: () => open("editor.action.inlineSuggest.trigger") },
];

/** Offer what fits the state. */
export async function showMenu(parts: Parts, says: string, titles: ReadonlyMap<string, string>): Promise<void> {
  const view = parts.view();
  const state = stateOf(view);
  const items = COMMANDS.filter((row) => row.icon !== undefined && row.when?.(state, view) === true).map((row) => ({
    label: `$(${String(row.icon)}) ${titles.get(PREFIX + row.id) ?? row.id}`,
    row,
  }));
  const picked = await window.showQuickPick(items, { title: "Understudy", placeHolder: says });
  // The click has put the focus on the status bar, where the next keys would go.
  await open("workbench.action.focusActiveEditorGroup");
  await picked?.row.run(parts);
}

function engineIsOff(view: View): boolean {
  return view.status?.state === "off";
}

/** Have the server do something, or say why that cannot be. */
async function send(server: Server, command: string): Promise<void> {
  if (server.phase.kind === "running") {
    await server.command(command);
  } else {
    await offerStart(server);
  }
}

async function offerStart(server: Server): Promise<void> {
  const start = "Start";
  const answer = await window.showWarningMessage("Understudy's server does not run.", start);
  if (answer === start) {
    await server.restart();
  }
}

/** Switch completions off for a language, or on again. */
async function toggleLanguage(language: string | undefined): Promise<void> {
  if (language === undefined) {
    void window.showInformationMessage("Open a file whose language you want to switch off or on.");
    return;
  }
  const setting = "completion.disabledLanguages";
  const off = list(setting);
  const others = off.filter((other) => other !== language);
  await write(setting, others.length < off.length ? others : [...off, language]);
}

function open(command: string, ...args: readonly unknown[]): Thenable<unknown> {
  return commands.executeCommand(command, ...args);
}
