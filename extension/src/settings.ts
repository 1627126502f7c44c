/** The user's settings: what the server is sent of them, and how the extension writes one. */
import { ConfigurationTarget, workspace } from "vscode";

export const SECTION = "understudy";

/** Settings that only the extension reads; the server does not know them. */
const OWN = /^server\.|^trace\.server$/;

/**
 * What the user has set, nested as the server reads it. Defaults are left out: they are the server's, and a value
 * that the editor sends is stronger than the user's `config.toml` and environment.
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
  return sent;
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
