"""The example that is shown for documentation: that of the nearest definition of the same sort."""

from understudy.context.workspace import Workspace
from understudy.core.text import Document, Span
from understudy.features.codeaction.outcome import Job
from understudy.features.codeaction.tasks import tasks

GOOGLE = '    """Area.\n\n    Args:\n        w: width\n    """\n'


def words(language: str, marked: str) -> str:
    offset = marked.index("$0")
    document = Document("file:///w/a", 1, language, marked.replace("$0", ""))
    found = tasks(Job("document", document, Span(offset, offset)), Workspace())
    assert isinstance(found, tuple), found.message
    return found[0].words


def example(language: str, marked: str) -> str:
    _, _, rest = words(language, marked).partition("```\n")
    return rest.removesuffix("\n```")


def test_the_style_of_the_neighbour() -> None:
    text = f'def far():\n    """Far."""\n\n\ndef area(w):\n{GOOGLE}    return w\n\n\ndef f(x$0):\n    return x\n'
    assert example("python", text) == GOOGLE.rstrip("\n")


def test_a_function_is_written_as_functions_and_a_class_as_classes() -> None:
    text = 'def far():\n    """Far."""\n\n\nclass A:\n    """A class."""\n\n\n'
    assert example("python", text + "def f(x$0):\n    return x\n") == '    """Far."""'
    assert example("python", text + "class B:\n    x = 1$0\n") == '    """A class."""'


def test_without_a_neighbour_the_language_says_how() -> None:
    said = words("python", "def f(x$0):\n    return x\n")
    assert "```" not in said
    assert "docstring" in said
    assert "`f`" in said


def test_a_long_one_is_no_example() -> None:
    long = '    """Long.\n' + "\n" * 40 + '    """\n'
    assert example("python", f"def a():\n{long}    return 1\n\n\ndef f(x$0):\n    return x\n") == ""


def test_a_comment_of_several_lines_is_taken_whole() -> None:
    text = (
        "// Count counts.\n//\n// It is slow.\n#[inline]\nfn count() -> u8 {\n    1\n}\n\nfn f() -> u8 {\n    2$0\n}\n"
    )
    assert example("rust", text) == "// Count counts.\n//\n// It is slow."


def test_windows_line_ends() -> None:
    text = f"def area(w):\n{GOOGLE}    return w\n\n\ndef f(x$0):\n    return x\n".replace("\n", "\r\n")
    assert example("python", text).replace("\r", "") == GOOGLE.rstrip("\n")
