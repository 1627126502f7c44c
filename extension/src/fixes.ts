/** What the server asks of and shows to the user for code actions: a line of text, and an explanation. */
import {
  type CancellationToken,
  commands,
  type Disposable,
  EventEmitter,
  type Position,
  type TextDocumentContentProvider,
  type TextEditor,
  Uri,
  window,
  workspace,
} from "vscode";

import { ServerCommand } from "./protocol";
import type { Server } from "./server";

const SCHEME = "understudy-explanation";

/** Ask the user for a line of text; null where they give none. */
export async function askUser(
  { prompt, value }: { readonly prompt: string; readonly value?: string },
  token?: CancellationToken,
): Promise<string | null> {
  const answer = await window.showInputBox({ title: "Understudy", prompt, value: value ?? "", ignoreFocusOut: true }, token);
  return answer ?? null;
}

/** Explanations as documents that cannot be edited, shown as rendered Markdown beside the code. */
export class Explanations implements TextDocumentContentProvider, Disposable {
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registration = workspace.registerTextDocumentContentProvider(SCHEME, this);
  private readonly texts = new Map<string, string>();

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.path) ?? "";
  }

  async show(title: string, text: string): Promise<void> {
    // One tab for all of them: the next explanation takes the place of the last.
    const uri = Uri.from({ scheme: SCHEME, path: "Explanation.md" });
    this.texts.set(uri.path, `# ${title}\n\n${text}\n`);
    this.changed.fire(uri);
    await commands.executeCommand("markdown.showPreviewToSide", uri);
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}

/** Have the server change the selection, or the line of the cursor, as it asks the user. */
export async function change(server: Server): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    void window.showInformationMessage("Open a file, and select what is to be changed.");
    return;
  }
  await server.command(ServerCommand.change, { uri: editor.document.uri.toString(), range: chosen(editor) });
}

/** The selection, or the line of the cursor, as LSP writes a range. */
function chosen({ document, selection }: TextEditor): { start: Place; end: Place } {
  const { start, end } = selection.isEmpty ? document.lineAt(selection.active.line).range : selection;
  return { start: place(start), end: place(end) };
}

interface Place {
  readonly line: number;
  readonly character: number;
}

function place({ line, character }: Position): Place {
  return { line, character };
}
