// Formats the plugin's Lua, or with --check says which files are not formatted. Needs the package @johnnymorganz/stylua.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { Config, IndentType, OutputVerification, QuoteStyle, formatCode } from "@johnnymorganz/stylua";

const folder = new URL("../../../extension/editors/neovim/", import.meta.url);
const check = process.argv.includes("--check");

function style() {
  const config = Config.new();
  config.column_width = 120;
  config.indent_type = IndentType.Spaces;
  config.indent_width = 2;
  config.quote_style = QuoteStyle.AutoPreferDouble;
  return config;
}

for (const name of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".lua"))) {
  const file = new URL(name, folder);
  const text = readFileSync(file, "utf8");
  const formatted = formatCode(text, style(), undefined, OutputVerification.None);
  if (formatted === text) continue;
  if (check) {
    console.error(`${name} is not formatted.`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, formatted);
  }
}
