from pathlib import Path

import pytest

from understudy.checking.diagnostic import Diagnostic
from understudy.context.syntax.languages import LANGUAGES
from understudy.context.workspace import Workspace
from understudy.core.text import Document, Span
from understudy.features.codeaction import actions, listing
from understudy.features.codeaction.docstring import FORMS
from understudy.features.codeaction.outcome import Job, Query, Withheld
from understudy.features.codeaction.tasks import tasks

SAMPLES = Path(__file__).parents[3] / "grammars"


@pytest.mark.parametrize(
    ("kind", "only", "expected"),
    [
        ("quickfix", (), True),
        ("quickfix", ("quickfix",), True),
        ("quickfix.understudy.all", ("quickfix",), True),
        ("quickfix", ("quickfix.understudy",), False),
        ("quickfix.understudy.all", ("quickfix.understudy",), True),
        ("refactor.rewrite.understudy.test", ("refactor",), True),
        ("refactor.rewrite.understudy.test", ("refactor.rewrite",), True),
        ("refactor.rewrite.understudy.test", ("refactor.extract",), False),
        ("refactor.rewrite", ("refactor.re",), False),
        ("quickfix", ("source", "quickfix"), True),
        ("quickfix", ("source.fixAll",), False),
        ("quickfix", ("",), True),
    ],
)
def test_kinds_are_hierarchical(kind: str, only: tuple[str, ...], expected: bool) -> None:
    assert listing.wanted(kind, only) is expected


def test_the_table() -> None:
    kinds = [action.kind for action in actions.ACTIONS]
    assert len(set(kinds)) == len(kinds), "a key can be bound to each row"
    assert len(actions.BY_NAME) == len(actions.ACTIONS)
    assert all(kind.startswith(("quickfix", "refactor.rewrite")) for kind in kinds)
    assert not any(kind.startswith("source") for kind in kinds), "these run when a file is saved"
    assert set(FORMS) == {language.name for language in LANGUAGES}


def test_a_long_text_without_its_tree_yet_has_what_needs_none() -> None:
    text = "def f():\n    pass\n" * 20_000
    document = Document("file:///w/a.py", 1, "python", text)
    workspace = Workspace()
    query = Query(document, Span(5, 5), (Diagnostic(Span(4, 5), "bad"),), asks=True)
    assert [it.job.action for it in listing.offers(query, workspace)] == ["fix", "explain", "change"]
    workspace.settle()
    assert "complete" in [it.job.action for it in listing.offers(query, workspace)]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_at_every_place_of_a_sample(language) -> None:
    """Every offer that is not disabled comes down to questions, wherever the cursor is and whatever is selected."""
    sample = next(
        path for path in sorted((SAMPLES / language.name).glob("sample.*")) if path.suffix in language.suffixes
    )
    text = sample.read_text(encoding="utf-8")
    document = Document(f"file:///nowhere/{sample.name}", 1, language.ids[0], text)
    workspace = Workspace()
    seen: set[str] = set()
    for start in range(0, len(text), 53):
        for end in (start, min(len(text), start + 90)):
            problem = Diagnostic(Span(start, min(len(text), start + 4)), "bad", "tool", "T1")
            for offer in listing.offers(Query(document, Span(start, end), (problem,), asks=True), workspace):
                if offer.disabled:
                    continue
                todo = tasks(offer.job, workspace, "say it")
                assert isinstance(todo, tuple), (offer.title, todo)
                for task in todo:
                    seen.add(offer.job.action)
                    assert 0 <= task.focus.start <= task.focus.end <= len(task.document.text)
                    scope = task.scope
                    if scope is not None and offer.job.action != "test":
                        assert scope.start <= task.focus.start
                        assert task.focus.end <= scope.end
                    if task.target is not None:
                        assert task.focus.start <= task.target.span.start <= task.focus.end
    assert seen >= {"fix", "fix_all", "explain", "test", "document", "simplify", "change"}


def test_a_file_of_tests_that_is_not_known_is_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text("")
    document = Document((tmp_path / "a.py").as_uri(), 1, "python", "def f():\n    return 1\n")
    workspace = Workspace((tmp_path,))
    found = tasks(Job("test", document, Span(5, 5)), workspace)
    assert isinstance(found, Withheld)
    assert "tests/test_a.py is there" in found.message
    opened = Document((tmp_path / "tests" / "test_a.py").as_uri(), 3, "python", "")
    workspace.changed(None, opened)
    found = tasks(Job("test", document, Span(5, 5)), workspace)
    assert isinstance(found, tuple)
    assert found[0].document == opened, "as it is open"
