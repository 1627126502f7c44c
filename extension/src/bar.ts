/** The item in the status bar and the one beside the language's name. */
import {
  type Disposable,
  languages,
  LanguageStatusSeverity,
  MarkdownString,
  StatusBarAlignment,
  ThemeColor,
  window,
  workspace,
} from "vscode";

import { figures, lookOf, stateOf, type View } from "./appearance";
import { SELECTOR } from "./client";
import type { Status } from "./protocol";
import type { Server } from "./server";
import { list, SECTION } from "./settings";

/** Shorter requests are not worth a change under the user's eyes; the server's wait for a pause in typing counts too. */
const CALM_MS = 350;
const MINUTE_TICK_MS = 10_000;

/** What is shown now; it lives as long as the extension. */
export class Bar implements Disposable {
  private readonly item = window.createStatusBarItem(`${SECTION}.state`, StatusBarAlignment.Right, 100);
  private readonly language = languages.createLanguageStatusItem(`${SECTION}.state`, SELECTOR);
  private readonly disposables: readonly { dispose(): unknown }[];
  private thinking = false;
  private soon: NodeJS.Timeout | undefined;
  private pausedUntil = 0;
  private lastStatus: Status | undefined;
  private readonly ticking: NodeJS.Timeout;

  constructor(
    private readonly server: Server,
    menu: string,
  ) {
    this.item.name = this.language.name = "Understudy";
    this.item.command = menu;
    this.language.command = { command: menu, title: "Menu" };
    const render = (): void => {
      this.render();
    };
    this.disposables = [
      this.item,
      this.language,
      server.onDidChange(() => {
        this.heard();
      }),
      window.onDidChangeActiveTextEditor(render),
      workspace.onDidChangeConfiguration(render),
    ];
    this.ticking = setInterval(render, MINUTE_TICK_MS);
    this.render();
    this.item.show();
  }

  dispose(): void {
    clearInterval(this.ticking);
    clearTimeout(this.soon);
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  /** What is shown, as values. */
  view(): View {
    const language = window.activeTextEditor?.document.languageId;
    return {
      phase: this.server.phase,
      status: this.server.status,
      thinking: this.thinking,
      language,
      languageOff: language !== undefined && list("completion.disabledLanguages").includes(language),
      pausedMs: Math.max(0, this.pausedUntil - Date.now()),
    };
  }

  private heard(): void {
    const { status } = this.server;
    if (status !== this.lastStatus) {
      this.lastStatus = status;
      this.pausedUntil = Date.now() + 1000 * (status?.pausedSeconds ?? 0);
    }
    if (this.server.asking > 0) {
      this.soon ??= setTimeout(() => {
        this.thinking = true;
        this.render();
      }, CALM_MS);
    } else {
      clearTimeout(this.soon);
      this.soon = undefined;
      this.thinking = false;
    }
    this.render();
  }

  private render(): void {
    const view = this.view();
    const look = lookOf(view);
    const says = `Understudy: ${look.says}`;
    this.item.text = `$(${look.icon}) Understudy${look.suffix && ` ${look.suffix}`}`;
    this.item.tooltip = new MarkdownString([says, ...figures(view.status)].join("\n\n"));
    this.item.accessibilityInformation = { label: says };
    this.item.backgroundColor =
      look.severity === "plain" ? undefined : new ThemeColor(`statusBarItem.warningBackground`);
    this.language.text = `$(${look.icon}) ${says}`;
    this.language.detail = view.status?.model ?? "";
    this.language.busy = look.busy === true;
    this.language.severity = SEVERITY[look.severity];
  }

  /** The one word for what is shown. */
  state(): ReturnType<typeof stateOf> {
    return stateOf(this.view());
  }
}

const SEVERITY = {
  plain: LanguageStatusSeverity.Information,
  warning: LanguageStatusSeverity.Warning,
  error: LanguageStatusSeverity.Error,
} as const;
