"""What a chat model is told when it is asked to complete code, and the marks that the question and the answer hold."""

from __future__ import annotations

OPEN_FILE, CLOSE_FILE = "<code_file", "</code_file>"
HOLE = "<code_hole/>"
OPEN_FILL, CLOSE_FILL = "<code_fill>", "</code_fill>"
OPEN_SEARCH, MIDDLE, CLOSE_REPLACE = "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE"

# Broken where the user's text spells them: of the longer marks six signs, since one of ours beside it may add one.
# Seven equals signs are not broken, as they underline headings.
STRUCTURE = (OPEN_FILE, CLOSE_FILE, HOLE, OPEN_FILL, CLOSE_FILL, "<<<<<<", ">>>>>>")

# Control tokens of chat models that have no row in `engine.fim_formats`: Llama 3 and 4, Gemma 4, Phi, OpenAI's open
# models, Mistral, Kimi, MiniMax. What a template shows is found without them.
OTHER_TOKENS = (
    *("<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>", "<|eom_id|>", "<|eot|>", "<|python_tag|>"),
    *("<|start_header_id|>", "<|end_header_id|>", "<|header_start|>", "<|header_end|>"),
    *("<|turn>", "<turn|>", "<|channel>", "<channel|>", "<|think|>", "<|tool_call>", "<tool_call|>"),
    *("<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|constrain|>", "<|call|>", "<|return|>"),
    *("<|end_of_turn|>", "<|end_of_msg|>", "[THINK]", "[/THINK]", "[EOS]", "[BOS]", "]~b]", "]~!b[", "[e~["),
)

_SEATS = f"""{OPEN_FILE} path="seats.py">
def free_seats(rows, taken):
{HOLE}


def is_full(rows, taken):
    return free_seats(rows, taken) == 0
{CLOSE_FILE}"""

_NAMES = f"""{OPEN_FILE} path="names.js">
const names = ["Ada", "Grace"];
for (const name of names) {{
{HOLE});
}}
{CLOSE_FILE}"""

HOLE_WORDS = f"""You complete source code in an editor. You are shown files of a project; the last one has a hole, \
marked {HOLE}. Write the text that belongs in the hole between {OPEN_FILL} and {CLOSE_FILL}: only code, no \
explanation and no Markdown. What stands before and after the hole is there already, so do not write it again. Keep \
to the indentation, the names and the style of the file. Write no more than what is missing there.

For example, for
{_SEATS}
the answer is
{OPEN_FILL}    return sum(len(row) for row in rows) - len(taken){CLOSE_FILL}

And for
{_NAMES}
the answer is
{OPEN_FILL}  const greeting = `Hello, ${{name}}`;
  console.log(greeting{CLOSE_FILL}"""

REPLACE_WORDS = f"""You complete source code in an editor. You are shown files of a project; the last one has a hole, \
marked {HOLE}. Answer with one block that searches the lines around the hole and replaces them by the same lines with \
the hole filled in: only code, no explanation and no Markdown. Write the lines before and after the hole just as they \
are. Keep to the indentation, the names and the style of the file. Write no more than what is missing there.

For example, for
{_SEATS}
the answer is
{OPEN_SEARCH}
def free_seats(rows, taken):
{HOLE}


def is_full(rows, taken):
    return free_seats(rows, taken) == 0
{MIDDLE}
def free_seats(rows, taken):
    return sum(len(row) for row in rows) - len(taken)


def is_full(rows, taken):
    return free_seats(rows, taken) == 0
{CLOSE_REPLACE}

And for
{_NAMES}
the answer is
{OPEN_SEARCH}
const names = ["Ada", "Grace"];
for (const name of names) {{
{HOLE});
}}
{MIDDLE}
const names = ["Ada", "Grace"];
for (const name of names) {{
  const greeting = `Hello, ${{name}}`;
  console.log(greeting);
}}
{CLOSE_REPLACE}"""
