"""Reported faults: names that are misspelt, unknown, unused or defined twice, and imports that are missing or unused."""

# ruff: noqa: E501  (an edit stands in one line)

from __future__ import annotations

from reported import HEAD, Reported

# fmt: off
NAMES = (
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
)
