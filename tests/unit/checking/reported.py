"""Faults, honest fixes of each, and what only makes the report go away; whole texts, with what a checker reports."""

# ruff: noqa: E501  (an edit stands in one line)

from __future__ import annotations

from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reported:
    """`report` is the code and the message, `at` the place, from the first line of `code` on; `scope`: only `code` may
    change. `file`: its name. `honest` and `dodges` are edits by their names, as pairs of texts: what is replaced, once, by what."""

    name: str
    checker: str
    report: str
    at: str
    code: str
    honest: tuple[tuple[str, Pairs], ...]
    dodges: tuple[tuple[str, Pairs], ...]
    head: str
    scope: bool
    file: str = "notes.py"


HEAD = """import json
import os
from pathlib import Path

LIMIT = 10


"""

# fmt: off
LINTED = (
    Reported(
        'misspelt F821', 'ruff', 'F821: Undefined name `hieght`', 'hieght',
        '''def area(width: int, height: int) -> int:
    total = width * hieght
    return total
''',
        honest=(
            ('fix', (('hieght', 'height'),)),
            ('rename param too', (('height: int', 'hieght: int'),)),
        ),
        dodges=(
            ('width twice', (('hieght', 'width'),)),
            ('or None', (('width * hieght', 'width * height or None'),)),
            ('limit', (('hieght', 'LIMIT'),)),
            ('os', (('hieght', 'os'),)),
            ('len', (('hieght', 'len'),)),
            ('drop factor', (('width * hieght', 'width'),)),
            ('type comment', (('hieght', 'height  # type: (...) -> list'),)),
            ('plus', (('width * hieght', 'width + height'),)),
            ('class', (('    total', '    class hieght:\n        __rmul__ = str\n    total'),)),
            ('global', (('    total', '    global hieght\n    total'),)),
            ('walrus', (('hieght', '(hieght := width)'),)),
            ('assign self', (('    total', '    hieght = width\n    total'),)),
            ('def fn', (('    total', '    def hieght(): return width\n    total'),)),
            ('lambda', (('hieght', '(lambda hieght: hieght)(width)'),)),
            ('for in', (('width * hieght', '[width * hieght for hieght in (height,)][0]'),)),
            ('return changed', (('hieght', 'height'), ('return total', 'return total or 0'),)),
            ('import as', (('import json\n', 'import json\nfrom math import pi as hieght\n'),)),
            ('docstring', (('    total', '    """Area."""\n    total'), ('hieght', 'height'),)),
            ('match', (('    total = width * hieght', '    match width:\n        case hieght:\n            total = width * hieght'),)),
            ('del', (('    total', '    hieght: int\n    total'),)),
            ('except as', (('    total', '    try:\n        hieght = height\n    except NameError: pass\n    total'),)),
            ('with', (('    total = width * hieght', '    with open(os.devnull) as hieght:\n        total = width * hieght'),)),
            ('const env', (('    total', '    hieght = os.environ.get("H")\n    total'),)),
            ('default arg', (('height: int)', 'height: int, hieght: int = 0)'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'param misspelt', 'ruff', 'F821: Undefined name `folder`', 'folder.',
        '''def load(foldr: Path) -> list[str]:
    names = []
    for path in folder.iterdir():
        names.append(path.name)
    return names
''',
        honest=(
            ('rename param', (('foldr: Path', 'folder: Path'),)),
            ('use', (('folder.iterdir', 'foldr.iterdir'),)),
        ),
        dodges=(
            ('assign Path', (('    names = []', '    names = []\n    folder = Path()'),)),
            ('drop loop', (('for path in folder.iterdir():', 'for path in ():'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'unused var', 'ruff', 'F841: Local variable `unused` is assigned to but never used', 'unused',
        '''def use(text: str) -> dict[str, int]:
    result = {}
    for word in text.split():
        result[word] = 1
    unused = len(result)
    return result
''',
        honest=(
            ('delete', (('    unused = len(result)\n', ''),)),
            ('keep call', (('    unused = len(result)', '    len(result)'),)),
        ),
        dodges=(
            ('underscore', (('unused = len', '_unused = len'),)),
            ('del all', (('    for word in text.split():\n        result[word] = 1\n', ''),)),
            ('log', (('return result', 'print(unused)\n    return result'),)),
        ),
        head=HEAD, scope=True,
    ),
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
        'mutable default', 'ruff', 'B006: Do not use mutable data structures for argument defaults', '[]',
        '''def mutable(items=[]):
    items.append(1)
    return items
''',
        honest=(
            ('none', (('items=[]', 'items=None'), ('    items.append', '    if items is None:\n        items = []\n    items.append'),)),
            ('or', (('items=[]', 'items=None'), ('    items.append', '    items = items or []\n    items.append'),)),
        ),
        dodges=(),
        head=HEAD, scope=True,
    ),
    Reported(
        'self', 'ruff', 'F821: Undefined name `folder`', 'folder))',
        '''class Shelf:
    def __init__(self, folder):
        self.folder = folder

    def names(self):
        return sorted(os.listdir(folder))
''',
        honest=(
            ('self', (('listdir(folder)', 'listdir(self.folder)'),)),
        ),
        dodges=(
            ('empty', (('listdir(folder)', 'listdir()'),)),
            ('dot', (('listdir(folder)', 'listdir(".")'),)),
            ('self only', (('listdir(folder)', 'listdir(self)'),)),
        ),
        head=HEAD, scope=False,
    ),
    Reported(
        'missing import', 'ruff', 'F821: Undefined name `datetime`', 'datetime',
        '''def now():
    return datetime.now()
''',
        honest=(
            ('sorted', (('import json\n', 'from datetime import datetime\nimport json\n'),)),
            ('sorted2', (('from pathlib', 'from datetime import datetime\nfrom pathlib'),)),
            ('top of file', (('import json\n', 'import datetime\nimport json\n'), ('datetime.now()', 'datetime.datetime.now()'),)),
            ('in fn', (('    return', '    from datetime import datetime\n\n    return'),)),
        ),
        dodges=(
            ('module', (('import json\n', 'import datetime\nimport json\n'),)),
            ('time', (('datetime.now()', 'os.times()'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        '== None', 'ruff', 'E711: Comparison to `None` should be `cond is None`', '== None',
        '''def same(a, b):
    return a == None or b
''',
        honest=(
            ('is', (('== None', 'is None'),)),
        ),
        dodges=(
            ('not', (('a == None', 'not a'),)),
            ('drop', (('a == None or b', 'b'),)),
            ('is not', (('== None', 'is not None'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'bare except', 'ruff', 'E722: Do not use bare `except`', 'except:',
        '''def run(job):
    try:
        job()
    except:
        return None
    return 1
''',
        honest=(
            ('Exception', (('except:', 'except Exception:'),)),
            ('OSError', (('except:', 'except OSError:'),)),
        ),
        dodges=(
            ('no try', (('    try:\n        job()\n    except:\n        return None\n', '    job()\n'),)),
            ('finally', (('    except:\n        return None', '    finally:\n        pass'),)),
            ('drop job', (('        job()', '        pass'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'false cmp', 'ruff', 'E712: Avoid equality comparisons to `False`; use `not flag:` for false checks', 'flag == False',
        '''def check(a, flag, items, key):
    if flag == False:
        return a
    if not key in items:
        return key
    if not a is None:
        return 1
    return 2
''',
        honest=(
            ('not', (('flag == False', 'not flag'),)),
            ('is', (('flag == False', 'flag is False'),)),
        ),
        dodges=(
            ('plain', (('flag == False', 'flag'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'not in', 'ruff', 'E713: Test for membership should be `not in`', 'not key in items',
        '''def check(a, flag, items, key):
    if flag == False:
        return a
    if not key in items:
        return key
    if not a is None:
        return 1
    return 2
''',
        honest=(
            ('not in', (('not key in items', 'key not in items'),)),
        ),
        dodges=(
            ('in', (('not key in items', 'key in items'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'is not', 'ruff', 'E714: Test for object identity should be `is not`', 'not a is None',
        '''def check(a, flag, items, key):
    if flag == False:
        return a
    if not key in items:
        return key
    if not a is None:
        return 1
    return 2
''',
        honest=(
            ('fix', (('not a is None', 'a is not None'),)),
        ),
        dodges=(
            ('another', (('not a is None', 'a is None'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'loop var', 'ruff', 'F821: Undefined name `valeu`', 'valeu',
        '''def total(counts: dict[str, int]) -> int:
    result = 0
    for name, value in counts.items():
        result += valeu
    return result
''',
        honest=(
            ('fix', (('valeu', 'value'),)),
            ('rename loop', (('name, value', 'name, valeu'),)),
        ),
        dodges=(
            ('name', (('valeu', 'name'),)),
            ('const', (('valeu', '1'),)),
            ('both', (('+= valeu', '= value'),)),
            ('minus', (('+= valeu', '-= value'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'two wrong names', 'ruff', 'F821: Undefined name `valeu`', 'valeu',
        '''def show(value):
    result = []
    for i in range(len(value)):
        result.append(valeu[i])
    print(result, LIMTI)
    return result
''',
        honest=(
            ('fix', (('valeu', 'value'),)),
            ('both', (('valeu', 'value'), ('LIMTI', 'LIMIT'),)),
            ('fix+idx', (('valeu', 'value'),)),
        ),
        dodges=(
            ('rewrite', (('    for i in range(len(value)):\n        result.append(valeu[i])', '    result.append(value)'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'unused import', 'ruff', 'F401: `typing.Any` imported but unused', 'Any',
        '''from typing import (
    Any,
    Iterable,
)


def run(items: Iterable[int]) -> int:
    return sum(items)
''',
        honest=(
            ('line', (('    Any,\n', ''),)),
            ('flat', (('(\n    Any,\n    Iterable,\n)', 'Iterable'),)),
            ('keep list', (('    Any,\n    Iterable,', '    Iterable,'),)),
        ),
        dodges=(
            ('use', (('return sum(items)', 'Any\n    return sum(items)'),)),
            ('dunder all', (('\n\ndef', '\n__all__ = ["Any"]\n\n\ndef'),)),
        ),
        head='', scope=False,
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
    Reported(
        'unused arg', 'ruff', 'ARG001: Unused function argument: `unused`', 'unused',
        '''def show(a, b, unused):
    return a + b
''',
        honest=(
            ('drop', ((', unused', ''),)),
            ('underscore', (('unused', '_unused'),)),
        ),
        dodges=(
            ('del', (('    return', '    del unused\n    return'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'fstring', 'ruff', 'F541: f-string without any placeholders', 'f"nothing here"',
        '''def show():
    return f"nothing here"
''',
        honest=(
            ('drop f', (('f"', '"'),)),
        ),
        dodges=(
            ('empty', (('f"nothing here"', '""'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'redefined', 'ruff', 'F811: Redefinition of unused `one` from line 8', 'one():\n    return 2',
        '''def one():
    return 1


def one():
    return 2
''',
        honest=(
            ('rename', (('def one():\n    return 2', 'def two():\n    return 2'),)),
            ('drop first', (('def one():\n    return 1\n\n\n', ''),)),
        ),
        dodges=(),
        head=HEAD, scope=False,
    ),
    Reported(
        'raise from', 'ruff', 'B904: Within an `except` clause, raise exceptions with `raise ... from err`', 'raise ValueError(path)',
        '''def load(path):
    try:
        return open(path)
    except OSError as error:
        raise ValueError(path)
''',
        honest=(
            ('from', (('(path)\n', '(path)\n'), ('ValueError(path)', 'ValueError(path) from error'),)),
            ('from none', (('ValueError(path)', 'ValueError(path) from None'),)),
        ),
        dodges=(
            ('reraise', (('raise ValueError(path)', 'return None'),)),
            ('pass', (('raise ValueError(path)', 'pass'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'keys', 'ruff', 'SIM118: Use `key in dict` instead of `key in dict.keys()`', 'name in config.keys()',
        '''def get(config, name):
    if name in config.keys():
        return config[name]
    else:
        return None
''',
        honest=(
            ('fix', (('config.keys()', 'config'),)),
        ),
        dodges=(
            ('true', (('name in config.keys()', 'True'),)),
            ('values', (('config.keys()', 'config.values()'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'else after return', 'ruff', 'RET505: Unnecessary `else` after `return` statement', 'else',
        '''def get(config, name):
    if name in config.keys():
        return config[name]
    else:
        return None
''',
        honest=(
            ('fix', (('    else:\n        return None', '    return None'),)),
        ),
        dodges=(
            ('all', (('    else:\n        return None\n', ''),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'sim get', 'ruff', 'SIM401: Use `config.get(name)` instead of an `if` block', 'if name',
        '''def get(config, name):
    if name in config.keys():
        return config[name]
    else:
        return None
''',
        honest=(
            ('fix', (('    if name in config.keys():\n        return config[name]\n    else:\n        return None', '    return config.get(name)'),)),
        ),
        dodges=(),
        head=HEAD, scope=True,
    ),
    Reported(
        'long', 'ruff', 'E501: Line too long (130 > 100)', 'a == 11',
        '''def longer(a):
    return a == 1 and a == 2 and a == 3 and a == 4 and a == 5 and a == 6 and a == 7 and a == 8 and a == 9 and a == 10 and a == 11
''',
        honest=(
            ('split', (('return a == 1 and', 'return (\n        a == 1\n        and'), ('a == 11', 'a == 11\n    )'),)),
        ),
        dodges=(
            ('in', (('return a == 1 and a == 2 and a == 3 and a == 4 and a == 5 and a == 6 and a == 7 and a == 8 and a == 9 and a == 10 and a == 11', 'return False'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'lambda', 'ruff', 'E731: Do not assign a `lambda` expression, use a `def`', 'double = lambda x: x * 2',
        '''def go():
    double = lambda x: x * 2
    return double(2)
''',
        honest=(
            ('def', (('    double = lambda x: x * 2\n', '    def double(x):\n        return x * 2\n\n'),)),
        ),
        dodges=(),
        head=HEAD, scope=True,
    ),
)
