// Bundles the extension into one file, with the licences of what is in it beside it.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const folder = "extension/dist";
const { metafile } = await build({
  entryPoints: ["extension/src/main.ts"],
  outfile: `${folder}/main.js`,
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  target: "node22",
  external: ["vscode"],
  metafile: true,
});

const inside = Object.keys(metafile.inputs).flatMap((file) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
const notices = [...new Set(inside)].sort().map((path) => {
  const { name, version } = JSON.parse(readFileSync(`${path}/package.json`, "utf8"));
  return `${name} ${version}\n\n${licence(path).trim()}\n`;
});
writeFileSync(`${folder}/LICENSES.txt`, notices.join(`\n${"-".repeat(80)}\n\n`));

function licence(path) {
  for (const name of ["License.txt", "LICENSE", "LICENSE.md", "LICENSE.txt", "license"]) {
    try {
      return readFileSync(`${path}/${name}`, "utf8");
    } catch {
      // The next name, then.
    }
  }
  throw new Error(`${path} has no licence text, so it cannot be bundled`);
}
