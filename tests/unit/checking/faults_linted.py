"""Faults in Python that ruff reports: names, imports, variables, syntax, comparisons and redefinitions."""

# ruff: noqa: E501  (an edit stands in one line)

from __future__ import annotations

from faults import HEAD, UNCHECKED, D, E, Fault, N, S, T

from understudy.checking.verdict import Failure

LINTED = (
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
)
