"""Reported faults: what does not parse, as an open bracket or a missing colon."""

# ruff: noqa: E501  (an edit stands in one line)

from __future__ import annotations

from reported import HEAD, Reported

# fmt: off
SYNTAX = (
    Reported(
        'unclosed', 'ruff', 'invalid-syntax: Expected `)`, found newline', 'json.loads(url',
        '''def fetch(url: str):
    data = json.loads(url
    for item in data:
        print(item)
    return data
''',
        honest=(
            ('close', (('loads(url', 'loads(url)'),)),
        ),
        dodges=(
            ('comment rest', (('json.loads(url', 'json.loads(url)'), ('        print(item)', '        pass'),)),
            ('drop', (('json.loads(url', 'url'),)),
            ('wrap', (('loads(url\n', 'loads(url and [1\n'), ('print(item)', 'print(item)'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'unclosed multi', 'ruff', 'invalid-syntax: Expected `]`, found `:`', ':\n',
        '''def load(path):
    data = {
        "a": [1, 2,
        "b": 3,
    }
    return data
''',
        honest=(
            ('close', (('[1, 2,', '[1, 2],'),)),
        ),
        dodges=(
            ('drop', (('        "a": [1, 2,\n', ''),)),
            ('empty', (('{\n        "a": [1, 2,\n        "b": 3,\n    }', '{}'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'colon', 'ruff', 'invalid-syntax: Expected `:`, found newline', 'def load(path)',
        '''def load(path)
    with open(path) as file:
        return file.read()
''',
        honest=(
            ('colon', (('(path)\n', '(path):\n'),)),
        ),
        dodges=(
            ('stub', (('def load(path)\n    with open(path) as file:\n        return file.read()', 'def load(path): ...'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'indent', 'ruff', 'invalid-syntax: Expected an indented block after `if` statement', 'return path',
        '''def load(path):
    if path:
    return path
''',
        honest=(
            ('indent', (('    return path', '        return path'),)),
        ),
        dodges=(
            ('drop if', (('    if path:\n', ''),)),
        ),
        head=HEAD, scope=True,
    ),
)
