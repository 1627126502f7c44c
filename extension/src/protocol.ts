/** What is said beyond LSP: the mirror of `server/understudy/lsp/ext.py`. A test compares the names. */
import { NotificationType, RequestType } from "vscode-languageclient/node";

/** How things stand; the parameters of `understudy/status` and the answer of several commands. */
export interface Status {
  readonly state: "starting" | "ready" | "paused" | "problem" | "off";
  readonly message: string;
  readonly percent: number | null;
  readonly model: string;
  readonly pausedSeconds: number | null;
  /** A sentence on how far the workspace's files are read, where there is something to say. */
  readonly files: string;
  readonly latencyMs: number | null;
  readonly suggestions: number;
  readonly accepted: number;
}

/** A model to choose from. */
export interface Choice {
  readonly id: string;
  readonly detail: string;
  readonly current: boolean;
}

export const STATUS = new NotificationType<Status>("understudy/status");

/** The server asks the user for a line of text; null: the user gave none. */
export const INPUT = new RequestType<{ prompt: string; value?: string }, string | null, void>("understudy/input");

/** Something to read, in Markdown. */
export const SHOW = new NotificationType<{ title: string; text: string }>("understudy/show");

/** Commands of the server (`workspace/executeCommand`) that the extension sends. */
export const ServerCommand = {
  status: "understudy.status",
  snooze: "understudy.snooze",
  resume: "understudy.resume",
  statistics: "understudy.statistics",
  models: "understudy.models",
  startEngine: "understudy.startEngine",
  stopEngine: "understudy.stopEngine",
  change: "understudy.change",
  cancelFix: "understudy.cancelFix",
} as const;
