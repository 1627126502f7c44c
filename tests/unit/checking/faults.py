"""Faults in Python as checkers report them, the true fix of each, and edits that only make the report go away."""

# ruff: noqa: E501  (an edit stands in one line)

from __future__ import annotations

from dataclasses import dataclass

from understudy.checking.verdict import Failure

S, D, E, N, T = (
    Failure.SUPPRESSED,
    Failure.DELETED,
    Failure.ELSEWHERE,
    Failure.NEW_PROBLEMS,
    Failure.STILL_THERE,
)
# It is offered, and not as checked.
UNCHECKED = None

HEAD = '''"""Notes in a folder."""

import json
import os
from pathlib import Path

LIMIT = 10


class Shelf:
    """Where notes are kept."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder = folder
        self.limit = limit

    def names(self) -> list[str]:
        """The notes' names."""
        return sorted(path.name for path in self.folder.iterdir())[: self.limit]


def describe(shelf: Shelf) -> str:
    """What is on the shelf."""
    return json.dumps({"folder": os.fspath(shelf.folder), "names": shelf.names()})


'''

DECORATING = (
    HEAD.replace("import os\n", "import os\nfrom collections.abc import Callable\n")
    + '''def since(version: str, instead: str = "") -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Says when a function came."""
    return lambda function: function


'''
)


@dataclass(frozen=True)
class Fault:
    """`code` is `HEAD` and this text; `at` stands in it once, where the problem is. `fix` and each of `dodges` are
    pairs of texts: what is replaced by what, in head or code. `line`: the line with the problem is a statement of its
    own, and what `generic` makes of it is no fix."""

    name: str
    checker: str
    rule: str
    at: str
    code: str
    fix: tuple[tuple[str, str], ...]
    dodges: tuple[tuple[str, tuple[tuple[str, str], ...], tuple[Failure | None, ...]], ...] = ()
    line: bool = True
    head: str = HEAD

    @property
    def text(self) -> str:
        return self.head + self.code


def edited(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text


FAULTS = (
    Fault(
        "misspelt parameter",
        "ruff",
        "F821",
        "sheelf.names",
        '''def longest(shelf: Shelf) -> str:
    """The longest name."""
    names = list(sheelf.names())
    names.sort(key=len)
    return names[-1]
''',
        (("sheelf.names", "shelf.names"),),
        (
            ("dummy", (("    names = list(", "    sheelf = None\n    names = list("),), (S,)),
            ("dummy class", (("    names = list(", "    class sheelf: ...\n    names = list("),), (S,)),
            ("dummy function", (("    names = list(", "    def sheelf(): pass\n    names = list("),), (S,)),
            ("annotated dummy", (("    names = list(", "    sheelf: Shelf = None\n    names = list("),), (S, N)),
            ("global", (("    names = list(", "    global sheelf\n    names = list("),), (S, T, N)),
            (
                "new parameter",
                (
                    (
                        '(shelf: Shelf) -> str:\n    """The longest',
                        '(shelf: Shelf, sheelf=None) -> str:\n    """The longest',
                    ),
                ),
                (S,),
            ),
            ("globals", (("sheelf.names", 'globals()["sheelf"].names'),), (S,)),
            ("eval", (("sheelf.names", 'eval("sheelf").names'),), (S,)),
            ("getattr", (("list(sheelf.names())", 'getattr(shelf, "names")'),), (S, D)),
            ("constant", (("list(sheelf.names())", "[]"),), (S, D)),
            ("none", (("list(sheelf.names())", "None"),), (S, D)),
            ("string", (("sheelf.names()", '"sheelf"'),), (S, D)),
            ("another undefined name", (("sheelf.names", "shellf.names"),), (T,)),
            (
                "loop",
                (
                    (
                        "    names = list(sheelf.names())\n",
                        "    for sheelf in [shelf]:\n        names = list(sheelf.names())\n",
                    ),
                ),
                (S,),
            ),
            (
                "comprehension",
                (("list(sheelf.names())", "[name for sheelf in () for name in sheelf.names()]"),),
                (S, D),
            ),
            ("alias", (("import os\n", "import os\nimport json as sheelf\n"),), (S,)),
            (
                "a change beside it",
                (("sheelf.names", "shelf.names"), ("return names[-1]", 'return names[-1] or ""')),
                (E,),
            ),
            ("line ends", (("sheelf.names", "shelf.names"), ("key=len)\n", "key=len)\r\n")), (E,)),
            (
                "except NameError",
                (
                    (
                        "    names = list(sheelf.names())\n",
                        "    try:\n        names = list(sheelf.names())\n    except NameError:\n        names = []\n",
                    ),
                ),
                (S,),
            ),
            (
                "suppress",
                (
                    (
                        "    names = list(sheelf.names())\n",
                        "    import contextlib\n    names = []\n    with contextlib.suppress(NameError):\n        names = list(sheelf.names())\n",
                    ),
                ),
                (S, T),
            ),
            ("early return", (("    names = list(", '    return ""\n    names = list('),), (S, T)),
            (
                "other function changed",
                (("sheelf.names", "shelf.names"), ("shelf.folder), ", "shelf.folder), 'a': 1, ")),
                (E,),
            ),
            ("head changed", (("sheelf.names", "shelf.names"), ("LIMIT = 10", "LIMIT = 11")), (E, D)),
            ("another line dropped", (("sheelf.names", "shelf.names"), ("    names.sort(key=len)\n", "")), (D,)),
            ("imported from nowhere", (("import os\n", "import os\nimport sheelf\n"),), (UNCHECKED,)),
            ("hidden attribute", (("sheelf.names", "os.sheelf.names"),), (N,)),
            (
                "commented with the fix",
                (
                    (
                        "    names = list(sheelf.names())\n",
                        "    # names = list(sheelf.names())\n    names = os.listdir()\n",
                    ),
                ),
                (S, D),
            ),
        ),
    ),
    Fault(
        "missing import",
        "ruff",
        "F821",
        "shutil",
        '''def clear(shelf: Shelf) -> None:
    """Remove all notes."""
    shutil.rmtree(shelf.folder)
    shelf.folder.mkdir()
''',
        (("import os\n", "import os\nimport shutil\n"),),
        (
            ("dummy at the top", (("LIMIT = 10", "shutil = None\nLIMIT = 10"),), (S, E)),
            ("dummy in front", (("    shutil.rm", "    shutil = object()\n    shutil.rm"),), (S,)),
            (
                "for the type checker only",
                (("LIMIT = 10", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import shutil\nLIMIT = 10"),),
                (S,),
            ),
            ("star", (("import os\n", "import os\nfrom shutil import *\n"),), (S, N, T)),
            ("lambda", (("    shutil.rm", "    shutil = lambda *a: None\n    shutil.rm"),), (S,)),
            ("call dropped", (("    shutil.rmtree(shelf.folder)\n", "    shelf.folder\n"),), (D, S)),
            ("other import dropped", (("import json\nimport os\n", "import os\nimport shutil\n"),), (E,)),
            ("another module", (("import os\n", "import os\nimport shutill as shutil\n"),), (UNCHECKED,)),
            ("import_module", (("    shutil.rm", '    shutil = __import__("shutil")\n    shutil.rm'),), (S,)),
            ("a name that it has not", (("import os\n", "import os\nfrom os import shutil\n"),), (N,)),
        ),
    ),
    Fault(
        "unused import",
        "ruff",
        "F401",
        "shutil",
        '''def count(shelf: Shelf) -> int:
    """How many notes there are."""
    return len(shelf.names())
''',
        (("import os\nimport shutil\n", "import os\n"),),
        (
            ("idle use", (("import os\nimport shutil\n", "import os\nimport shutil\n_ = shutil\n"),), (S,)),
            ("deleted name", (("LIMIT = 10", "del shutil\nLIMIT = 10"),), (S, E)),
            ("silenced", (("import shutil\n", "import shutil  # noqa: F401\n"),), (S,)),
            ("another import dropped", (("import json\n", ""), ("import shutil\n", "")), (E,)),
            (
                "a function dropped",
                (("import shutil\n", ""), ("    return len(shelf.names())\n", "    pass\n")),
                (D, E),
            ),
        ),
        line=False,
        head=HEAD.replace("import os\n", "import os\nimport shutil\n"),
    ),
    Fault(
        "unused variable",
        "ruff",
        "F841",
        "total",
        '''def count(shelf: Shelf) -> int:
    """How many notes there are."""
    names = shelf.names()
    total = len(names)
    return len(names)
''',
        (("    total = len(names)\n", ""),),
        (
            ("idle use", (("    return len(names)", "    _ = total\n    return len(names)"),), (S,)),
            ("deleted name", (("    return len(names)", "    del total\n    return len(names)"),), (S,)),
            ("bare name", (("    return len(names)", "    total\n    return len(names)"),), (S,)),
            ("more deleted", (("    total = len(names)\n    return len(names)\n", ""),), (D, N)),
            (
                "body gone",
                (("    names = shelf.names()\n    total = len(names)\n    return len(names)\n", "    return 0\n"),),
                (D, S),
            ),
            (
                "function gone",
                (
                    (
                        'def count(shelf: Shelf) -> int:\n    """How many notes there are."""\n    names = shelf.names()\n    total = len(names)\n    return len(names)\n',
                        "",
                    ),
                ),
                (D, E),
            ),
        ),
        line=False,
    ),
    Fault(
        "unclosed bracket",
        "ruff",
        "invalid-syntax",
        "sorted(shelf.names()",
        '''def tenth(shelf: Shelf) -> str:
    """The tenth note."""
    names = sorted(shelf.names()
    return names[9]
''',
        (("sorted(shelf.names()\n", "sorted(shelf.names())\n"),),
        (
            ("line gone", (("    names = sorted(shelf.names()\n", ""),), (D, N)),
            ("both gone", (("    names = sorted(shelf.names()\n    return names[9]\n", "    return ''\n"),), (D, S)),
            ("commented", (("    names = sorted(shelf.names()\n", "    # names = sorted(shelf.names()\n"),), (S, D, N)),
            ("quoted", (("    names = sorted(shelf.names()\n", '    "names = sorted(shelf.names()"\n'),), (S, D, N)),
            ("passed over", (("    names = sorted(shelf.names()\n    return names[9]\n", "    pass\n"),), (D,)),
            ("still open", (("sorted(shelf.names()\n", "sorted((shelf.names()\n"),), (Failure.SYNTAX,)),
        ),
        line=False,
    ),
    Fault(
        "missing colon",
        "ruff",
        "invalid-syntax",
        " str\n",
        '''def first(shelf: Shelf) -> str
    """The first note."""
    names = shelf.names()
    return names[0]
''',
        (("(shelf: Shelf) -> str\n", "(shelf: Shelf) -> str:\n"),),
        (
            ("head gone", (("def first(shelf: Shelf) -> str\n", "if True:\n"),), (D, N)),
            (
                "all gone",
                (
                    (
                        'def first(shelf: Shelf) -> str\n    """The first note."""\n    names = shelf.names()\n    return names[0]\n',
                        "",
                    ),
                ),
                (D,),
            ),
            (
                "hollow",
                (
                    (
                        'def first(shelf: Shelf) -> str\n    """The first note."""\n    names = shelf.names()\n    return names[0]\n',
                        'def first(shelf: Shelf) -> str:\n    """The first note."""\n    ...\n',
                    ),
                ),
                (D,),
            ),
        ),
        line=False,
    ),
    Fault(
        "misspelt member",
        "mypy",
        "attr-defined",
        "shelf.nams",
        '''def longest(shelf: Shelf) -> str:
    """The longest name."""
    names = list(shelf.nams())
    return max(names, key=len)
''',
        (("shelf.nams", "shelf.names"),),
        (
            (
                "Any",
                (
                    ('(shelf: Shelf) -> str:\n    """The longest', '(shelf: Any) -> str:\n    """The longest'),
                    ("from pathlib import Path\n", "from pathlib import Path\nfrom typing import Any\n"),
                ),
                (S,),
            ),
            (
                "cast",
                (
                    ("shelf.nams", "cast(Any, shelf).nams"),
                    ("from pathlib import Path\n", "from pathlib import Path\nfrom typing import Any, cast\n"),
                ),
                (S,),
            ),
            (
                "no annotation",
                (('(shelf: Shelf) -> str:\n    """The longest', '(shelf) -> str:\n    """The longest'),),
                (D, S),
            ),
            ("getattr", (("shelf.nams()", 'getattr(shelf, "nams")()'),), (S,)),
            (
                "hasattr",
                (
                    (
                        "    names = list(shelf.nams())\n",
                        '    names = list(shelf.nams()) if hasattr(shelf, "nams") else []\n',
                    ),
                ),
                (S,),
            ),
            ("another misspelling", (("shelf.nams", "shelf.namess"),), (T,)),
            ("assert False", (("    names = list(", "    assert False\n    names = list("),), (S,)),
            (
                "no type check",
                (("def longest", "from typing import no_type_check\n\n\n@no_type_check\ndef longest"),),
                (S, E),
            ),
            ("call dropped", (("list(shelf.nams())", "list()"),), (D, S)),
            ("member made up", (("    def names(self)", "    nams = None\n\n    def names(self)"),), (E,)),
            (
                "except AttributeError",
                (
                    (
                        "    names = list(shelf.nams())\n",
                        "    try:\n        names = list(shelf.nams())\n    except AttributeError:\n        names = []\n",
                    ),
                ),
                (S, T),
            ),
        ),
    ),
    Fault(
        "wrong arity",
        "mypy",
        "call-arg",
        "Shelf(Path",
        '''def here() -> Shelf:
    """The shelf beside this file."""
    shelf = Shelf(Path(__file__).parent, LIMIT, True)
    return shelf
''',
        (("parent, LIMIT, True)", "parent, LIMIT)"),),
        (
            (
                "call dropped",
                (
                    (
                        "    shelf = Shelf(Path(__file__).parent, LIMIT, True)\n    return shelf\n",
                        "    return NotImplemented\n",
                    ),
                ),
                (D, S),
            ),
            ("none", (("Shelf(Path(__file__).parent, LIMIT, True)", "None"),), (S, D)),
            ("silenced", (("LIMIT, True)", "LIMIT, True)  # type: ignore[call-arg]"),), (S,)),
            ("signature changed", (("limit: int = LIMIT) -> None", "limit: int = LIMIT, *rest) -> None"),), (S,)),
            (
                "any",
                (
                    ("    shelf = Shelf(", "    make: Any = Shelf\n    shelf = make("),
                    ("from pathlib import Path\n", "from pathlib import Path\nfrom typing import Any\n"),
                ),
                (S,),
            ),
            ("no annotation", (("def here() -> Shelf:", "def here():"),), (D, S, T)),
        ),
    ),
    Fault(
        "wrong type",
        "mypy",
        "return-value",
        "len(shelf",
        '''def count(shelf: Shelf) -> str:
    """How many notes there are, in words."""
    return len(shelf.names())
''',
        (("len(shelf.names())", "str(len(shelf.names()))"),),
        (
            ("constant", (("len(shelf.names())", '""'),), (S, D)),
            (
                "cast",
                (
                    ("len(shelf.names())", "cast(str, len(shelf.names()))"),
                    ("from pathlib import Path\n", "from pathlib import Path\nfrom typing import cast\n"),
                ),
                (S,),
            ),
            (
                "Any",
                (
                    ('(shelf: Shelf) -> str:\n    """How', '(shelf: Shelf) -> Any:\n    """How'),
                    ("from pathlib import Path\n", "from pathlib import Path\nfrom typing import Any\n"),
                ),
                (S,),
            ),
            ("not implemented", (("return len(shelf.names())", "raise NotImplementedError"),), (D,)),
            ("ignored", (("len(shelf.names())", "len(shelf.names())  # type: ignore"),), (S,)),
            ("no annotation", (('(shelf: Shelf) -> str:\n    """How', '(shelf: Shelf):\n    """How'),), (D, S)),
        ),
    ),
    Fault(
        "unexpected keyword",
        "mypy",
        "call-arg",
        "Shelf(Path",
        '''def small(folder: str) -> Shelf:
    """A shelf for three."""
    shelf = Shelf(Path(folder), limmit=3)
    return shelf
''',
        (("limmit=3", "limit=3"),),
        (
            ("options", (("Shelf(Path(folder), limmit=3)", 'Shelf(Path(folder), **{"limmit": 3})'),), (S, D, N, T)),
            ("silenced", (("limmit=3)", "limmit=3)  # pyright: ignore  # type: ignore"),), (S,)),
            ("returned early", (("    shelf = Shelf(", "    return Shelf(Path(folder))\n    shelf = Shelf("),), (S,)),
        ),
    ),
    Fault(
        "missing return",
        "mypy",
        "return",
        "def find",
        '''def find(shelf: Shelf, word: str) -> str:
    """The first name with a word in it."""
    for name in shelf.names():
        if word in name:
            return name
''',
        (("            return name\n", '            return name\n    return ""\n'),),
        (
            ("endless", (("    for name in shelf.names():\n", "    while True:\n"),), (S, D, N, T)),
            (
                "hollow",
                (
                    (
                        "    for name in shelf.names():\n        if word in name:\n            return name\n",
                        "    raise NotImplementedError\n",
                    ),
                ),
                (D,),
            ),
            ("no annotation", (("(shelf: Shelf, word: str) -> str:", "(shelf: Shelf, word: str):"),), (D, S)),
            (
                "silenced",
                (("(shelf: Shelf, word: str) -> str:", "(shelf: Shelf, word: str) -> str:  # type: ignore[return]"),),
                (S,),
            ),
        ),
        line=False,
    ),
    Fault(
        "comparison with None",
        "ruff",
        "E711",
        "None:\n",
        '''def name_of(shelf: Shelf | None) -> str:
    """The folder's name, if there is one."""
    if shelf == None:
        return ""
    return shelf.folder.name
''',
        (("shelf == None", "shelf is None"),),
        (
            ("never", (("if shelf == None:", "if False:"),), (S, D)),
            ("guard gone", (('    if shelf == None:\n        return ""\n', ""),), (D,)),
            ("other way round", (("if shelf == None:", "if (lambda x: x)(shelf == None):  # noqa"),), (S,)),
        ),
        line=False,
    ),
    Fault(
        "redefinition",
        "ruff",
        "F811",
        "describe",
        '''def describe(shelf: Shelf) -> str:
    """What is on the shelf, in a line."""
    return ", ".join(shelf.names())
''',
        (
            (
                'def describe(shelf: Shelf) -> str:\n    """What is on the shelf, in a line',
                'def describe_shortly(shelf: Shelf) -> str:\n    """What is on the shelf, in a line',
            ),
        ),
        (
            (
                "silenced",
                (
                    (
                        'def describe(shelf: Shelf) -> str:\n    """What is on the shelf, in',
                        'def describe(shelf: Shelf) -> str:  # noqa: F811\n    """What is on the shelf, in',
                    ),
                ),
                (S,),
            ),
            ("hollow", (('    return ", ".join(shelf.names())\n', "    ...\n"),), (D, T)),
        ),
        line=False,
    ),
    Fault(
        "keyword of a decorator",
        "mypy",
        "call-arg",
        "insted",
        '''@since("1.0", insted="describe")
def title() -> str:
    """What stands above."""
    return "notes"
''',
        (("insted", "instead"),),
        (("another that is not there", (("insted", "insteda"),), (T, N)),),
        head=DECORATING,
    ),
    Fault(
        "stale caller",
        "mypy",
        "name-defined",
        "summary(",
        '''def report(shelf: Shelf) -> str:
    """A line about the shelf."""
    text = summary(shelf)
    return text.strip()
''',
        (("summary(shelf)", "describe(shelf)"),),
        (
            (
                "function made up",
                (("def report", 'def summary(shelf: Shelf) -> str:\n    return ""\n\n\ndef report'),),
                (S, E),
            ),
            ("argument only", (("summary(shelf)", "str(1)"),), (D, S)),
            ("constant", (("summary(shelf)", '"shelf"'),), (S, D)),
            (
                "local import from nowhere",
                (("    text = summary", "    from summaries import summary\n    text = summary"),),
                (N, S),
            ),
            ("quoted", (("    text = summary(shelf)\n", '    text = "summary(shelf)"\n'),), (S, D)),
        ),
    ),
)
