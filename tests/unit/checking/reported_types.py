"""Reported faults: what type checkers report."""

# ruff: noqa: E501  (an edit stands in one line)

from __future__ import annotations

from reported import HEAD, Reported

# fmt: off
TYPES = (
    Reported(
        'no return mypy', 'mypy', 'return: Missing return statement', 'def kind',
        '''def kind(value: int) -> str:
    if value > LIMIT:
        return "big"
    elif value > 0:
        print("small")
''',
        honest=(
            ('return', (('print("small")', 'print("small")\n        return "small"\n    return "none"'),)),
            ('replace print', (('print("small")', 'return "small"\n    return "none"'),)),
            ('raise', (('print("small")', 'return "small"\n    raise ValueError(value)'),)),
            ('none type', (('-> str', '-> str | None'), ('print("small")', 'print("small")\n    return None'),)),
        ),
        dodges=(
            ('drop annotation', ((' -> str', ''),)),
            ('never loop', (('print("small")', 'print("small")\n    while True: pass'),)),
            ('assert False', (('print("small")', 'print("small")\n    assert False'),)),
            ('NoReturn raise', (('print("small")', 'print("small")\n    raise NotImplementedError'),)),
            ('any', (('-> str', '-> object'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'optional', 'mypy', 'union-attr: Item "None" of "str | None" has no attribute "upper"', 'found.upper',
        '''def first(names: list[str]) -> str:
    found = next((name for name in names if name), None)
    return found.upper()
''',
        honest=(
            ('check', (('return found.upper()', 'return found.upper() if found is not None else ""'),)),
            ('if', (('    return found', '    if found is None:\n        return ""\n    return found'),)),
            ('raise', (('    return found', '    if found is None:\n        raise ValueError("no name")\n    return found'),)),
            ('default', (('name), None)', 'name), "")'),)),
            ('assert', (('    return found', '    assert found is not None\n    return found'),)),
        ),
        dodges=(
            ('str()', (('found.upper()', 'str(found)'),)),
            ('const', (('found.upper()', '""'),)),
            ('or', (('found.upper()', '(found and "")'),)),
            ('drop call', (('found.upper()', 'found or ""'),)),
            ('str upper', (('found.upper()', 'str(found).upper()'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'return type', 'mypy', 'return-value: Incompatible return value type (got "int", expected "str")', 'return total',
        '''def count(names: list[str]) -> str:
    total = len(names)
    return total
''',
        honest=(
            ('str', (('return total', 'return str(total)'),)),
            ('annotation', (('-> str', '-> int'),)),
            ('fstring', (('return total', 'return f"{total}"'),)),
        ),
        dodges=(
            ('const', (('return total', 'return ""'),)),
            ('object', (('-> str', '-> object'),)),
            ('drop', (('-> str', ''),)),
            ('total any', (('total = len', 'total: object = len'),)),
            ('type comment', (('total = len(names)', 'total = len(names)  # type: str'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'arity', 'mypy', 'call-arg: Missing positional argument "two" in call to "add"', 'add(1)',
        '''def add(one: int, two: int) -> int:
    return one + two


def use() -> int:
    return add(1)
''',
        honest=(
            ('pass', (('add(1)', 'add(1, 2)'),)),
            ('kw', (('add(1)', 'add(1, two=LIMIT)'),)),
            ('default', (('two: int', 'two: int = 0'),)),
        ),
        dodges=(
            ('star', (('add(1)', 'add(*[1])'),)),
            ('drop', (('add(1)', '1'),)),
            ('varargs', (('one: int, two: int', 'one: int, *two: int'),)),
            ('stararr', (('add(1)', 'add(1, *())'),)),
            ('kwargs', (('add(1)', 'add(1, **{})'),)),
        ),
        head=HEAD, scope=False,
    ),
    Reported(
        'unbound', 'basedpyright', 'reportPossiblyUnbound: "value" is possibly unbound', 'return value',
        '''def pick(flag):
    if flag:
        value = 1
    return value
''',
        honest=(
            ('else', (('    return', '    else:\n        value = 0\n    return'),)),
            ('before', (('    if flag', '    value = None\n    if flag'),)),
        ),
        dodges=(
            ('const', (('return value', 'return 1'),)),
            ('if False', (('if flag:', 'if True:'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'await', 'mypy', 'assignment: Incompatible types in assignment (expression has type "Coroutine[Any, Any, int]", variable has type "int")', 'get()\n    return total',
        '''async def get() -> int:
    return 1


async def main() -> int:
    total: int = get()
    return total
''',
        honest=(
            ('await', (('= get()', '= await get()'),)),
        ),
        dodges=(
            ('const', (('= get()', '= 1'),)),
            ('drop ann', (('total: int', 'total'),)),
            ('annot object', (('total: int', 'total: object'),)),
        ),
        head=HEAD, scope=False,
    ),
    Reported(
        'attr', 'mypy', 'attr-defined: "Book" has no attribute "titel"; maybe "title"?', 'titel',
        '''class Book:
    title: str = ""

    def pages(self) -> int:
        return 3


def show(book: Book) -> str:
    return book.titel + str(book.pages)
''',
        honest=(
            ('fix', (('titel', 'title'),)),
            ('add attr', (('    title: str = ""', '    title: str = ""\n    titel: str = ""'),)),
            ('property', (('    def pages', '    @property\n    def titel(self) -> str:\n        return self.title\n\n    def pages'),)),
        ),
        dodges=(
            ('getattr', (('book.titel', 'getattr(book, "titel")'),)),
            ('const', (('book.titel', '""'),)),
        ),
        head=HEAD, scope=False,
    ),
    Reported(
        'optional arg', 'mypy', 'union-attr: Item "None" of "str | None" has no attribute "split"', 'text.split',
        '''def width(text: str | None) -> int:
    words = text.split()
    if words:
        return len(words)
    return 0
''',
        honest=(
            ('early', (('    words', '    if text is None:\n        return 0\n    words'),)),
            ('or', (('text.split()', '(text or "").split()'),)),
            ('cond', (('text.split()', 'text.split() if text else []'),)),
            ('annotation', (('text: str | None', 'text: str'),)),
            ('not', (('    words', '    if not text:\n        return 0\n    words'),)),
            ('assert msg', (('    words', '    assert text is not None, "no text"\n    words'),)),
        ),
        dodges=(),
        head=HEAD, scope=True,
    ),
    Reported(
        'assign', 'mypy', 'assignment: Incompatible types in assignment (expression has type "str", variable has type "int")', 'text.strip()',
        '''def parse(text: str) -> int:
    value: int = text.strip()
    return value
''',
        honest=(
            ('int', (('text.strip()', 'int(text.strip())'),)),
            ('ann', (('value: int', 'value: str'), ('-> int', '-> str'),)),
        ),
        dodges=(
            ('len', (('text.strip()', '0'),)),
            ('type', (('text.strip()', 'text.strip()  # type: int'),)),
        ),
        head=HEAD, scope=True,
    ),
    Reported(
        'too many', 'mypy', 'call-arg: Too many arguments for "pair"', 'pair(1, 2)',
        '''def pair(a: int) -> tuple[int, int]:
    return (a, a)


def use() -> tuple[int, int]:
    return pair(1, 2)
''',
        honest=(
            ('drop', (('pair(1, 2)', 'pair(1)'),)),
            ('add param', (('a: int)', 'a: int, b: int)'), ('(a, a)', '(a, b)'),)),
        ),
        dodges=(
            ('none', (('pair(1, 2)', '(1, 2)'),)),
            ('star', (('a: int)', 'a: int, *_: int)'),)),
        ),
        head=HEAD, scope=False,
    ),
    Reported(
        'not awaited', 'basedpyright', 'reportUnusedCoroutine: Result of async function call is not used; use "await" or assign result to variable', 'asyncio.sleep(1)',
        '''import asyncio


async def main() -> None:
    asyncio.sleep(1)
    print("done")
''',
        honest=(
            ('await', (('asyncio.sleep', 'await asyncio.sleep'),)),
        ),
        dodges=(
            ('drop', (('    asyncio.sleep(1)\n', ''),)),
            ('time', (('asyncio.sleep(1)', 'print(1)'),)),
        ),
        head='', scope=False,
    ),
)
