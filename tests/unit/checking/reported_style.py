"""Reported faults: what parses and runs, and a linter would have written in another way."""

# ruff: noqa: E501  (an edit stands in one line)

from __future__ import annotations

from reported import HEAD, Reported

# fmt: off
STYLE = (
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
