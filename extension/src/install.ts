/** Offering to install the server, and showing how far that is. */
import { type LogOutputChannel, ProgressLocation, Uri, window } from "vscode";

import { type Environment, type Failure, make } from "./environment";
import { findPython } from "./python";
import { text, write } from "./settings";

const INSTALL = "Install";
const CHOOSE = "Choose existing…";
const RETRY = "Retry";
const LOG = "Show log";
const CHOOSE_PYTHON = "Choose Python…";

/** Ask what to do where no server is installed. A program that is chosen is started since the setting changes. */
export async function offer(environment: Environment | undefined, installIt: () => Promise<void>): Promise<void> {
  const said =
    environment === undefined
      ? "Understudy's server is not installed, and this build of the extension does not hold it."
      : "Understudy's server, a Python package, is not installed. Install it into an environment of its own?";
  const answer = await window.showInformationMessage(
    said,
    ...(environment === undefined ? [] : [INSTALL]),
    CHOOSE,
    "Not now",
  );
  if (answer === CHOOSE) {
    await choose("server.path", "Choose the program `understudy`");
  } else if (answer === INSTALL) {
    await installIt();
  }
}

/** Where things go, and who is told. */
export interface Place {
  readonly storage: string;
  readonly log: LogOutputChannel;
  readonly report: (message: string) => void;
  readonly retry: () => void;
}

/** Make the environment, with progress that can be cancelled. False: there is none; the user has been told why. */
export async function install(environment: Environment, place: Place): Promise<boolean> {
  const search = await findPython(text("server.python"), place.storage);
  const failure = "missing" in search ? search : await withProgress(environment, { ...place, python: search.python });
  if (failure !== undefined && failure !== "cancelled") {
    void explain(failure, place); // A notification may stay unanswered.
  }
  return failure === undefined;
}

type Command = Parameters<typeof make>[1]["python"];

async function withProgress(
  environment: Environment,
  { storage, log, report, python }: Place & { python: Command },
): Promise<Failure | undefined> {
  const options = { location: ProgressLocation.Notification, title: "Installing Understudy", cancellable: true };
  return window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => {
      abort.abort();
    });
    const tell = (message: string): void => {
      progress.report({ message });
      report(message);
    };
    tell("making an environment");
    const onLine = (line: string): void => {
      log.info(line);
      const step = /^(Collecting|Downloading|Installing) (?:collected )?(\w+)/.exec(line.trim());
      if (step !== null) {
        tell(`${String(step[1]).toLowerCase()} ${String(step[2])}`);
      }
    };
    try {
      return await make(environment, { python, storage, onLine, signal: abort.signal });
    } catch (error) {
      log.error(String(error));
      return "failed";
    }
  });
}

/** Say what went wrong and what to do. */
async function explain(failure: "offline" | "failed" | { missing: string }, { log, retry }: Place): Promise<void> {
  const noPython = typeof failure === "object";
  const words = noPython ? noPythonWords(failure.missing) : FAILURES[failure];
  const answer = await window.showErrorMessage(words, RETRY, noPython ? CHOOSE_PYTHON : LOG);
  if (answer === LOG) {
    log.show();
  }
  const chosen = answer === CHOOSE_PYTHON && (await choose("server.python", "Choose a Python, 3.11 or newer"));
  if (chosen || answer === RETRY) {
    retry();
  }
}

/** Say that the server found is older than the extension. True: the user wants the extension's own. */
export async function wantsOwn(version: string, wanted: string): Promise<boolean> {
  const said = `Understudy's server is version ${version}, older than this extension (${wanted}).`;
  const answer = await window.showWarningMessage(`${said} Update it, or install the extension's own.`, INSTALL);
  return answer === INSTALL;
}

const FAILURES = {
  offline:
    "Understudy was not installed: pip could not fetch what the server depends on (pygls, tree-sitter and others). " +
    "Check the connection, or pip's own settings for a proxy or an index, and retry.",
  failed: "Understudy was not installed: pip failed. The log says why.",
} as const;

function noPythonWords(missing: string): string {
  const how =
    { darwin: "`brew install python`", win32: "`winget install Python.Python.3.13`" }[process.platform as string] ??
    "on Debian and Ubuntu `sudo apt install python3-venv`";
  return `Understudy needs Python 3.11 or newer: ${missing}. Install it (${how}) and retry, or choose one.`;
}

/** Let the user pick a program for a setting. */
async function choose(setting: string, title: string): Promise<boolean> {
  const picked = await window.showOpenDialog({ title, openLabel: "Choose", defaultUri: Uri.file("/usr/bin") });
  if (picked?.[0] === undefined) {
    return false;
  }
  await write(setting, picked[0].fsPath);
  return true;
}
