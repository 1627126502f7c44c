"""Recall of the context: of the identifiers on a line that are defined in other files, how many does the model see?

    cd tests && ../.venv/bin/python -m bench.recall --language python --limit 100 --system ours --misses 20

Real packages are fetched from the registries by name and version (`corpus`), never run. A line is cut: all of it from
its first character that is no blank; the text after the line stays, the cursor stands where the line began (`case`).
What its identifiers mean is found without anything of ours (`truth_*`: read the rules there). An identifier is found
when a line that truly defines it is shown as a line of its file, outside of the cursor's file; decorations of a map do
not count. The same test, the same count of tokens (the bundled model's vocabulary) and the same budgets hold for every
system (`systems`).

`--keys N` types lines key by key and counts what changes of the prompts (`keystrokes`); `python -m bench.recall.exact`
asks the bundled model; `whole.measure` is the part of `make bench`. `tests/test_recall_floor.py` is the same measure on
this repository's own sources, with a floor.

aider's map is made for a chat about a repository, and the tabs are only those that happen to be open: both are shown
here what a completion would need, at the same place and price.

**Tune on `--split tune` only.** The figures that are reported come from `--split test`; do not look at its misses.
"""
