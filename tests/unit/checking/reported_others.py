"""Reported faults in TypeScript, JavaScript, Go and Rust."""

# ruff: noqa: E501  (an edit stands in one line)

from __future__ import annotations

from reported import Reported

HEAD = """import { readFileSync } from "node:fs";

export interface Note {
  name: string;
  text?: string;
}

"""

# fmt: off
OTHERS = (
    Reported(
        'ts misspelt', 'tsc', "2552: Cannot find name 'noet'. Did you mean 'note'?", 'noet',
        '''export function title(note: Note): string {
  const words = noet.name.split(" ");
  return words.join("-");
}
''',
        honest=(
            ('fix', (('noet', 'note'),)),
            ('param', (('note: Note', 'noet: Note'),)),
        ),
        dodges=(
            ('const', (('  const words', '  const noet = note;\n  const words'),)),
            ('declare', (('  const words', '  let noet: Note;\n  const words'),)),
            ('class', (('  const words', '  class noet { static name = "" }\n  const words'),)),
            ('any', (('noet', '(note as any)'),)),
            ('globalThis', (('noet', 'globalThis.noet'),)),
        ),
        head=HEAD, scope=True, file='notes.ts',
    ),
    Reported(
        'ts undefined obj', 'tsc', "18048: 'note.text' is possibly 'undefined'.", 'note.text',
        '''export function size(note: Note): number {
  const count = note.text.length;
  return count + 1;
}
''',
        honest=(
            ('opt', (('note.text.length', 'note.text?.length ?? 0'),)),
            ('guard', (('  const', '  if (note.text === undefined) {\n    return 0;\n  }\n  const'),)),
            ('guard2', (('  const', '  if (!note.text) return 0;\n  const'),)),
            ('tern', (('note.text.length', 'note.text ? note.text.length : 0'),)),
            ('default', (('note.text.length', '(note.text ?? "").length'),)),
            ('throw', (('  const', '  if (note.text === undefined) {\n    throw new Error("no text");\n  }\n  const'),)),
            ('destruct', (('  const count = note.text.length', '  const { text = "" } = note;\n  const count = text.length'),)),
        ),
        dodges=(
            ('bang', (('note.text.', 'note.text!.'),)),
            ('as', (('note.text.length', '(note.text as string).length'),)),
            ('String', (('note.text.length', 'String(note.text).length'),)),
            ('const', (('note.text.length', '0'),)),
        ),
        head=HEAD, scope=True, file='notes.ts',
    ),
    Reported(
        'ts ret type', 'tsc', "2322: Type 'number' is not assignable to type 'string'.", 'return index',
        '''export function first(notes: Note[]): string {
  const index = notes.length;
  return index;
}
''',
        honest=(
            ('String', (('return index', 'return String(index)'),)),
            ('tpl', (('return index', 'return `${index}`'),)),
            ('ann', (('): string', '): number'),)),
            ('toString', (('return index', 'return index.toString()'),)),
            ('name', (('return index', 'return notes[index - 1].name'),)),
        ),
        dodges=(
            ('as unknown', (('return index', 'return index as unknown as string'),)),
            ('unknown', (('): string', '): unknown'),)),
            ('any', (('const index', 'const index: any'),)),
            ('empty', (('return index', 'return ""'),)),
            ('drop', (('): string', ')'),)),
        ),
        head=HEAD, scope=True, file='notes.ts',
    ),
    Reported(
        'ts arity', 'tsc', '2554: Expected 2 arguments, but got 1.', 'pair(1)',
        '''export function pair(a: number, b: number): number {
  return a + b;
}

export function use(): number {
  return pair(1);
}
''',
        honest=(
            ('pass', (('pair(1)', 'pair(1, 2)'),)),
            ('opt', (('b: number)', 'b = 0)'),)),
            ('default', (('b: number)', 'b: number = 0)'),)),
        ),
        dodges=(
            ('spread', (('pair(1)', 'pair(...[1])'),)),
            ('rest', (('b: number)', '...b: number[])'),)),
            ('drop', (('pair(1)', '1'),)),
            ('any', (('pair(1)', '(pair as any)(1)'),)),
        ),
        head=HEAD, scope=False, file='notes.ts',
    ),
    Reported(
        'ts await', 'tsc', "2322: Type 'Promise<string>' is not assignable to type 'string'.", 'text: string',
        '''export async function load(): Promise<string> {
  return "a";
}

export async function use(): Promise<number> {
  const text: string = load();
  return text.length;
}
''',
        honest=(
            ('await', (('= load()', '= await load()'),)),
        ),
        dodges=(
            ('ann', (('const text: string', 'const text'),)),
        ),
        head=HEAD, scope=False, file='notes.ts',
    ),
    Reported(
        'ts no return', 'tsc', "2366: Function lacks ending return statement and return type does not include 'undefined'.", 'string {',
        '''export function kind(value: number): string {
  if (value > 1) {
    return "big";
  }
}
''',
        honest=(
            ('return', (('  }\n}', '  }\n  return "small";\n}'),)),
            ('throw', (('  }\n}', '  }\n  throw new Error("small");\n}'),)),
            ('else', (('  }\n}', '  } else {\n    return "small";\n  }\n}'),)),
            ('undefined', (('): string', '): string | undefined'),)),
        ),
        dodges=(
            ('drop', (('): string', ''),)),
            ('void', (('): string', '): any'),)),
            ('loop', (('  }\n}', '  }\n  while (true) {}\n}'),)),
            ('throw nothing', (('  }\n}', '  }\n  throw undefined;\n}'),)),
        ),
        head=HEAD, scope=True, file='notes.ts',
    ),
    Reported(
        'ts member', 'tsc', "2551: Property 'nmae' does not exist on type 'Note'. Did you mean 'name'?", 'nmae',
        '''export function names(notes: Note[]): string[] {
  const total = notes.length;
  return notes.map((note) => note.nmae);
}
''',
        honest=(
            ('fix', (('nmae', 'name'),)),
        ),
        dodges=(
            ('index', (('note.nmae', 'note["nmae"]'),)),
            ('empty', (('note.nmae', '""'),)),
            ('cast', (('(note)', '(note: any)'),)),
        ),
        head=HEAD, scope=True, file='notes.ts',
    ),
    Reported(
        'ts unused', 'tsc', "6133: 'total' is declared but its value is never read.", 'total',
        '''export function names(notes: Note[]): string[] {
  const total = notes.length;
  return notes.map((note) => note.nmae);
}
''',
        honest=(
            ('drop', (('  const total = notes.length;\n', ''),)),
        ),
        dodges=(
            ('void', (('length;', 'length;\n  void total;'),)),
            ('under', (('const total', 'const _total'),)),
        ),
        head=HEAD, scope=True, file='notes.ts',
    ),
    Reported(
        'js undef', 'eslint', "no-undef: 'fals' is not defined.", 'fals',
        '''export function same(a, b) {
  let total = a;
  if (a == b) {
    return fals;
  }
  return total;
}
''',
        honest=(
            ('fix', (('fals', 'false'),)),
        ),
        dodges=(
            ('true', (('fals', 'true'),)),
            ('global', (('export', '/* global fals */\nexport'),)),
        ),
        head=HEAD, scope=True, file='notes.js',
    ),
    Reported(
        'js eqeqeq', 'eslint', "eqeqeq: Expected '===' and instead saw '=='.", '==',
        '''export function same(a, b) {
  let total = a;
  if (a == b) {
    return fals;
  }
  return total;
}
''',
        honest=(
            ('fix', (('==', '==='),)),
        ),
        dodges=(
            ('neg', (('==', '!=='),)),
            ('assign', (('a == b', 'a = b'),)),
            ('Object.is', (('a == b', 'true'),)),
        ),
        head=HEAD, scope=True, file='notes.js',
    ),
    Reported(
        'js const', 'eslint', "prefer-const: 'total' is never reassigned. Use 'const' instead.", 'total',
        '''export function same(a, b) {
  let total = a;
  if (a == b) {
    return fals;
  }
  return total;
}
''',
        honest=(
            ('fix', (('let total', 'const total'),)),
        ),
        dodges=(),
        head=HEAD, scope=True, file='notes.js',
    ),
    Reported(
        'go undef', 'go vet', 'UndeclaredName: undefined: hieght', 'hieght',
        '''package main

import "fmt"

func area(width int, height int) int {
	total := width * hieght
	return total
}

func main() {
	fmt.Println(area(1, 2))
}
''',
        honest=(
            ('fix', (('hieght', 'height'),)),
        ),
        dodges=(
            ('var', (('\ttotal :=', '\thieght := 1\n\ttotal :='),)),
            ('glob', (('func area', 'var hieght = 1\n\nfunc area'),)),
            ('op', (('* hieght', '+ height'),)),
        ),
        head='', scope=False, file='notes.go',
    ),
    Reported(
        'go unused import', 'go vet', 'UnusedImport: "os" imported and not used', '"os"',
        '''package main

import (
	"fmt"
	"os"
)

func main() {
	x := 1
	fmt.Println("a")
}
''',
        honest=(
            ('drop', (('\t"os"\n', ''),)),
        ),
        dodges=(),
        head='', scope=False, file='notes.go',
    ),
    Reported(
        'go unused var', 'go vet', 'UnusedVar: declared and not used: x', 'x',
        '''package main

import (
	"fmt"
	"os"
)

func main() {
	x := 1
	fmt.Println("a")
}
''',
        honest=(
            ('drop', (('\tx := 1\n', ''),)),
            ('print', (('"a")', '"a", x)'),)),
        ),
        dodges=(
            ('blank', (('\tx := 1', '\tx := 1\n\t_ = x'),)),
        ),
        head='', scope=False, file='notes.go',
    ),
    Reported(
        'rs undef', 'cargo check', 'E0425: cannot find value `hieght` in this scope', 'hieght',
        '''fn area(width: u32, height: u32) -> u32 {
    let total = width * hieght;
    total
}

fn longest(a: String) -> usize {
    let b = a;
    a.len()
}
''',
        honest=(
            ('fix', (('hieght', 'height'),)),
        ),
        dodges=(
            ('let', (('    let total', '    let hieght = 1;\n    let total'),)),
            ('const', (('fn area', 'const hieght: u32 = 1;\nfn area'),)),
            ('todo', (('hieght', 'todo!()'),)),
        ),
        head='', scope=False, file='notes.rs',
    ),
    Reported(
        'rs moved', 'cargo check', 'E0382: borrow of moved value: `a`', 'a.len()',
        '''fn area(width: u32, height: u32) -> u32 {
    let total = width * hieght;
    total
}

fn longest(a: String) -> usize {
    let b = a;
    a.len()
}
''',
        honest=(
            ('clone', (('let b = a;', 'let b = a.clone();'),)),
            ('ref', (('let b = a;', 'let b = &a;'),)),
            ('use b', (('a.len()', 'b.len()'),)),
        ),
        dodges=(
            ('const', (('a.len()', '0'),)),
            ('unsafe', (('a.len()', 'unsafe { 0 }'),)),
            ('todo', (('a.len()', 'todo!()'),)),
        ),
        head='', scope=False, file='notes.rs',
    ),
)
