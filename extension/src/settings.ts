/** The user's settings: what the server is sent of them, and how the extension writes one. */
import { ConfigurationTarget, workspace } from "vscode";

export const SECTION = "understudy";

/** Settings that only the extension reads; the server does not know them. */
const OWN = /^server\.|^trace\.server$/;

/**
 * What the user has set, nested as the server reads it. Defaults are left out: they are the server's, and a value
 * that the editor sends is stronger than the user's `config.toml` and environment.
 * Folders that VS Code trusts are added, so that a fix is checked with the project's own tools.
 */
export function sentSettings(names: readonly string[]): Record<string, Record<string, unknown>> {
  const configuration = workspace.getConfiguration(SECTION);
  const sent: Record<string, Record<string, unknown>> = {};
  for (const name of names) {
    const value: unknown = configuration.inspect(name)?.globalValue;
    const [group, key] = name.split(".");
    if (value !== undefined && group !== undefined && key !== undefined && !OWN.test(name)) {
      (sent[group] ??= {})[key] = value;
    }
  }
  if (workspace.isTrusted) {
    trust(sent);
  }
  return sent;
}

/** A folder that the user trusts in VS Code is one whose own checkers may be run, as other extensions run them. */
function trust(sent: Record<string, Record<string, unknown>>): void {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  if (folders.length > 0) {
    const fix = (sent["fix"] ??= {});
    const named = Array.isArray(fix["trustedFolders"]) ? (fix["trustedFolders"] as unknown[]) : [];
    fix["trustedFolders"] = [...named, ...folders.map(({ uri }) => uri.fsPath)];
  }
}

/** The text of a setting, without white space around it; empty if it is not set. */
export function text(name: string): string {
  return (workspace.getConfiguration(SECTION).get<string | null>(name) ?? "").trim();
}

/** A list of texts. */
export function list(name: string): readonly string[] {
  return workspace.getConfiguration(SECTION).get<readonly string[]>(name) ?? [];
}

/** Write a setting for the user: no setting is a workspace's to decide. */
export async function write(name: string, value: unknown): Promise<void> {
  await workspace.getConfiguration(SECTION).update(name, value, ConfigurationTarget.Global);
}
