"""Faults in TypeScript, where the reports are written down: what a checker would say is not the question."""

# ruff: noqa: E501  (an edit stands in one line)

from __future__ import annotations

from faults import D, E, Fault, N, S

from understudy.checking.verdict import Failure

SYNTAX = Failure.SYNTAX

TYPESCRIPT_HEAD = """import { readFileSync } from "node:fs";

export interface Note {
  name: string;
  text?: string;
}

export function load(path: string): Note {
  return JSON.parse(readFileSync(path, "utf8"));
}

"""

MISSPELT = """export function title(note: Note): string {
  const words = noet.name.split(" ");
  return words.join("-");
}
"""
MAYBE = """export function size(note: Note): number {
  const count = note.text.length;
  return count + 1;
}
"""
WRONG_TYPE = """export function first(notes: Note[]): string {
  const index = notes.length;
  return index;
}
"""
UNUSED = """export function names(notes: Note[]): string[] {
  const total = notes.length;
  return notes.map((note) => note.name);
}
"""
CHAIN = """export function kind(note: Note): string {
  return note.name
    .trim()
    .slice(0, 8, -1)
}
"""

SCRIPTS = (
    Fault(
        "one argument too many in a chain",
        "tsc",
        "2554: Expected 0-2 arguments, but got 3.",
        "-1",
        CHAIN,
        ((".slice(0, 8, -1)", ".slice(0, 8)"),),
        (
            ("link deleted", (("    .slice(0, 8, -1)\n", ""),), (D,)),
            ("link replaced", (("    .slice(0, 8, -1)\n", "    ;\n"),), (D,)),
            ("link not reached", (("    .slice(", "    throw new Error()\n    .slice("),), (S,)),
        ),
    ),
    Fault(
        "misspelt name",
        "tsc",
        "2552: Cannot find name 'noet'. Did you mean 'note'?",
        "noet",
        MISSPELT,
        (("noet", "note"),),
        (
            ("ignored", (("  const words", "  // @ts-ignore\n  const words"),), (S,)),
            ("expected", (("  const words", "  // @ts-expect-error\n  const words"),), (S,)),
            ("for the file", (("import {", "// @ts-nocheck\nimport {"),), (S,)),
            ("eslint", (("  const words", "  // eslint-disable-next-line\n  const words"),), (S,)),
            ("declared", (("export function title", "declare const noet: any;\nexport function title"),), (S, E)),
            ("declared inside", (("  const words", "  let noet: Note;\n  const words"),), (S,)),
            ("dummy", (("  const words", "  const noet = { name: '' };\n  const words"),), (S, N)),
            ("null", (("  const words", "  var noet = null;\n  const words"),), (S,)),
            ("parameter", (("title(note: Note)", "title(note: Note, noet?: Note)"),), (S,)),
            ("window", (("noet.name", "(window as any).noet.name"),), (S,)),
            ("global", (("noet.name", "globalThis.noet.name"),), (S,)),
            ("constant", (('noet.name.split(" ")', "[]"),), (S, D)),
            ("string", (("noet.name", '"noet"'),), (S, D)),
            ("deleted", (('  const words = noet.name.split(" ");\n', ""),), (D, N)),
            ("commented", (('  const words = noet.name.split(" ");', '  /* const words = noet.name.split(" "); */'),), (S, D)),
            ("comment around", (('  const words = noet.name.split(" ");\n', '  /*\n  const words = noet.name.split(" ");\n  */\n'),), (S, D)),
            ("swallowed", (('  const words = noet.name.split(" ");\n', '  let words: string[] = [];\n  try {\n    words = noet.name.split(" ");\n  } catch (e) {}\n'),), (S,)),
            ("never", (('  const words = noet.name.split(" ");\n  return words.join("-");\n', '  if (false) {\n  const words = noet.name.split(" ");\n  return words.join("-");\n  }\n  return "";\n'),), (S,)),
            ("not reached", (("  const words", '  return "";\n  const words'),), (S,)),
            ("unused function", (('  const words = noet.name.split(" ");\n  return words.join("-");\n', '  const later = () => {\n  const words = noet.name.split(" ");\n  return words.join("-");\n  };\n  return "";\n'),), (S,)),
            ("emptied", (('  const words = noet.name.split(" ");\n  return words.join("-");\n', '  throw new Error("not implemented");\n'),), (D,)),
            ("broken", (("noet.name", "note.name)"),), (SYNTAX,)),
            ("elsewhere too", (("noet", "note"), ('"utf8"', '"ascii"')), (E, S, D)),
            ("a module that is not there", (("import {", 'import { noet } from "./noet";\nimport {'),), (N,)),
        ),
    ),
    Fault(
        "possibly undefined",
        "tsc",
        "18048: 'note.text' is possibly 'undefined'.",
        "note.text",
        MAYBE,
        (("note.text.length", "note.text?.length ?? 0"),),
        (
            ("asserted", (("note.text.length", "note.text!.length"),), (S,)),
            ("any", (("note.text.length", "(note as any).text.length"),), (S,)),
            ("unknown", (("note.text.length", "(note.text as unknown as string).length"),), (S,)),
            ("any parameter", (("note: Note): number", "note: any): number"),), (S,)),
            ("interface changed", (("text?: string", "text: string"),), (E,)),
            ("constant", (("note.text.length", "0"),), (S, D)),
            ("no annotation", (("note: Note): number", "note): number"),), (S, D)),
        ),
    ),
    Fault(
        "wrong type",
        "tsc",
        "2322: Type 'number' is not assignable to type 'string'.",
        "return index",
        WRONG_TYPE,
        (("return index;", "return String(index);"),),
        (
            ("any", (("return index;", "return index as any;"),), (S,)),
            ("any result", (("notes: Note[]): string {\n  const index", "notes: Note[]): any {\n  const index"),), (S,)),
            ("never", (("return index;", "return index as never;"),), (S,)),
            ("constant", (("return index;", 'return "";'),), (S, D)),
            ("no type", (("notes: Note[]): string {\n  const index", "notes: Note[]) {\n  const index"),), (S, D)),
            ("thrown", (("return index;", "throw new Error();"),), (D, S)),
        ),
    ),
    Fault(
        "unused variable",
        "eslint",
        "@typescript-eslint/no-unused-vars: 'total' is assigned a value but never used.",
        "total",
        UNUSED,
        (("  const total = notes.length;\n", ""),),
        (
            ("void", (("  return notes", "  void total;\n  return notes"),), (S,)),
            ("printed", (("  return notes", "  console.log(total);\n  return notes"),), (S,)),
            ("disabled", (("  const total = notes.length;", "  const total = notes.length; // eslint-disable-line"),), (S,)),
            ("more deleted", (("  const total = notes.length;\n  return notes.map((note) => note.name);\n", "  return [];\n"),), (D, S)),
        ),
    ),
)  # fmt: skip
