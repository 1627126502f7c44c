/** Choosing the model that answers. */
import { window } from "vscode";

import { type Choice, ServerCommand } from "./protocol";
import type { Server } from "./server";
import { text, write } from "./settings";

const SETTING = "engine.model";

/** Offer the models that the server knows, and any other by name; the choice is written to the user's settings. */
export async function chooseModel(server: Server): Promise<void> {
  const choices = (await server.command<Choice[]>(ServerCommand.models)) ?? [];
  const known = choices.map(({ id, detail, current }) => ({
    label: id,
    description: current ? "in use" : "",
    detail,
    choose: (): Promise<string | undefined> => Promise.resolve(id),
  }));
  const other = {
    label: "$(edit) Type a name or a folder…",
    detail: "A name on the hub, a folder with a checkpoint, or what the server at `engine.url` calls its model",
    choose: async (): Promise<string | undefined> =>
      window.showInputBox({ title: "Model", value: text(SETTING), prompt: "A name or a folder; empty: the default" }),
  };
  const picked = await window.showQuickPick([...known, other], { title: "Understudy: choose the model" });
  const model = await picked?.choose();
  if (model !== undefined) {
    await write(SETTING, model.trim() || undefined);
  }
}
