"""Faults in Python that mypy reports: members, arguments, types, returns and names."""

# ruff: noqa: E501  (an edit stands in one line)

from __future__ import annotations

from faults import HEAD, D, E, Fault, N, S, T

DECORATING = (
    HEAD.replace("import os\n", "import os\nfrom collections.abc import Callable\n")
    + '''def since(version: str, instead: str = "") -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Says when a function came."""
    return lambda function: function


'''
)

TYPED = (
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
