/** The connection to one server process. */
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import type { ExtensionContext, LogOutputChannel } from "vscode";
import { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn } from "vscode-languageclient/node";

import type { Launch } from "./launch";
import { askUser } from "./fixes";
import { INPUT, SHOW, STATUS, type Status } from "./protocol";
import { SECTION, sentSettings } from "./settings";

/** What the rest of the extension hears of a connection. */
export interface Events {
  /** A completion is asked for (1), or that has come to an end (-1). */
  onAsking(change: 1 | -1): void;
  onStatus(status: Status): void;
  /** There is something to read. */
  onShow(title: string, text: string): void;
  /** An answer was shown or taken, so that figures have changed. */
  onFigures(): void;
  /** The process is gone though nobody stopped it. */
  onEnd(): void;
}

/** The library pops up every failed request; ours are in the log, and the status bar says what is wrong. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export const SELECTOR = ["file", "untitled", "vscode-notebook-cell"].map((scheme) => ({ scheme }));

/** A client for the server that `launch` starts. */
export function connect(
  launch: Launch,
  context: ExtensionContext,
  log: LogOutputChannel,
  events: Events,
): LanguageClient {
  const names = settingNames(context);
  // The server says on standard error what it has to say, which is no error by itself.
  const logged = (stream: Readable): void => {
    createInterface({ input: stream }).on("line", (line) => {
      log.info(line);
    });
  };
  const client = new QuietClient(
    SECTION,
    "Understudy",
    {
      command: launch.command,
      args: [...launch.args, "lsp"],
      options: { cwd: context.globalStorageUri.fsPath },
    },
    {
      documentSelector: SELECTOR,
      initializationOptions: { understudyClient: { status: true, show: true, input: true } },
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      stdioOptions: { stdout: logged, stderr: logged },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          events.onEnd(); // It may start another; a client serves one process, so that its end is one story.
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
      middleware: {
        async provideInlineCompletionItems(document, position, inline, token, next) {
          events.onAsking(1);
          try {
            return await next(document, position, inline, token);
          } finally {
            events.onAsking(-1);
            events.onFigures();
          }
        },
        async executeCommand(command, args, next) {
          const answer: unknown = await next(command, args);
          events.onFigures();
          return answer;
        },
        workspace: {
          configuration: ({ items }) => items.map(() => sentSettings(names)),
        },
      },
    },
  );
  client.onNotification(STATUS, (status) => {
    events.onStatus(status);
  });
  client.onNotification(SHOW, ({ title, text }) => {
    events.onShow(title, text);
  });
  client.onRequest(INPUT, askUser);
  return client;
}

/** The names of the settings in the manifest, without the section. */
function settingNames(context: ExtensionContext): readonly string[] {
  const manifest = context.extension.packageJSON as {
    contributes: { configuration: { properties: Record<string, unknown> } };
  };
  return Object.keys(manifest.contributes.configuration.properties).map((name) => name.slice(SECTION.length + 1));
}

