/** The server's report on itself, as a document that cannot be edited. */
import { type Disposable, EventEmitter, type TextDocumentContentProvider, Uri, window, workspace } from "vscode";

import { ServerCommand } from "./protocol";
import type { Server } from "./server";

const SCHEME = "understudy-statistics";
const ADDRESS = Uri.parse(`${SCHEME}:Understudy statistics`);

export class Statistics implements TextDocumentContentProvider, Disposable {
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registration = workspace.registerTextDocumentContentProvider(SCHEME, this);

  constructor(private readonly server: Server) {}

  async provideTextDocumentContent(): Promise<string> {
    const answer = await this.server.command<{ text: string }>(ServerCommand.statistics);
    return answer?.text ?? "The server does not run.\n";
  }

  /** Show the report as it is now, also where it is open already. */
  async show(): Promise<void> {
    this.changed.fire(ADDRESS);
    await window.showTextDocument(await workspace.openTextDocument(ADDRESS), { preview: true });
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
