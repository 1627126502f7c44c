/** How things stand, and how that looks: a pure function, so that every state is seen in one place. */
import type { Phase } from "./server";
import type { Status } from "./protocol";

/** All that the status bar shows. */
export interface View {
  readonly phase: Phase;
  readonly status: Status | undefined;
  /** A completion has been asked for, and it takes long enough to show that. */
  readonly thinking: boolean;
  /** The language of the active editor, if there is one. */
  readonly language: string | undefined;
  /** The user has switched completions off for that language. */
  readonly languageOff: boolean;
  /** Milliseconds of the pause that are left. */
  readonly pausedMs: number;
}

export interface Look {
  readonly icon: string;
  /** Behind the name in the status bar; empty mostly. */
  readonly suffix: string;
  /** A sentence. */
  readonly says: string;
  readonly severity: "plain" | "warning" | "error";
  readonly busy?: boolean;
}

export type State = "absent" | "installing" | "starting" | "ready" | "thinking" | "paused" | "problem" | "off";

/** The one word for a view. */
export function stateOf({ phase, status, thinking, languageOff, pausedMs }: View): State {
  switch (phase.kind) {
    case "absent":
    case "installing":
    case "starting":
      return phase.kind;
    case "failed":
      return "problem";
    case "stopped":
      return "off";
    case "running":
  }
  if (status === undefined) {
    return "starting";
  }
  if (status.state === "paused" || status.state === "ready") {
    const calm = languageOff ? "off" : thinking ? "thinking" : "ready";
    return pausedMs > 0 ? "paused" : calm;
  }
  return status.state;
}

/** How a view looks. */
export function lookOf(view: View): Look {
  const { phase, status, language, languageOff, pausedMs } = view;
  const message = status?.message ?? "";
  switch (stateOf(view)) {
    case "absent":
      return { icon: "cloud-download", suffix: "", says: "The server is not installed.", severity: "warning" };
    case "installing":
      return busy("", `Installing: ${"message" in phase ? phase.message : ""}.`);
    case "starting": {
      const percent = status?.percent ?? null;
      const suffix = percent === null ? "" : `${String(percent)} %`;
      return busy(suffix, [message || "The server starts.", suffix].filter(Boolean).join(" "));
    }
    case "ready":
      return { icon: "sparkle", suffix: "", says: "Ready.", severity: "plain" };
    case "thinking":
      return { ...busy("", "Asking the model."), icon: "loading~spin" };
    case "paused": {
      const minutes = Math.ceil(pausedMs / 60_000);
      const says = `Paused for ${String(minutes)} more minute${minutes === 1 ? "" : "s"}.`;
      return { icon: "debug-pause", suffix: `${String(minutes)} min`, says, severity: "plain" };
    }
    case "problem":
      return { icon: "warning", suffix: "", says: "message" in phase ? phase.message : message, severity: "error" };
    case "off": {
      const why = phase.kind === "stopped" ? "The server is stopped." : message || "Off.";
      const says = languageOff && status?.state !== "off" ? `Off for ${language ?? "this language"}.` : why;
      return { icon: "circle-slash", suffix: "", says, severity: "plain" };
    }
  }
}

function busy(suffix: string, says: string): Look {
  return { icon: "sync~spin", suffix, says, severity: "plain", busy: true };
}

/** The model, the workspace's files and the figures of this session as lines of Markdown. */
export function figures(status: Status | undefined): readonly string[] {
  if (status === undefined) {
    return [];
  }
  const { model, files, latencyMs, suggestions, accepted } = status;
  const share = suggestions > 0 ? ` (${String(Math.round((100 * accepted) / suggestions))} %)` : "";
  return [
    ...(model ? [`Model: \`${model.replaceAll("`", "'")}\``] : []),
    ...(files ? [files] : []),
    ...(latencyMs === null ? [] : [`Median latency: ${String(Math.round(latencyMs))} ms`]),
    ...(suggestions > 0 ? [`Accepted: ${String(accepted)} of ${String(suggestions)}${share}`] : []),
  ];
}
