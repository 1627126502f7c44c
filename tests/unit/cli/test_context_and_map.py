"""`understudy context` and `understudy map` as a person types them, on a small repository."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typed_command import Run

WIDTH = 100
PRICES = '''"""Prices."""


class Cart:
    """What is bought."""

    def weight(self, unit: str) -> float:
        """How heavy it is."""
        return 0.0


def discounted(cart: Cart, rate: float) -> float:
    """What a cart costs."""
    return rate
'''
APP = "from shop.prices import Cart, discounted\n\n\ndef total(cart: Cart) -> float:\n    return discounted("
ENGINELESS = {"UNDERSTUDY_SCRIPT": ""}


@pytest.fixture(name="shop")
def fixture_shop(tmp_path: Path) -> Path:
    """A repository. The user's home is above it."""
    shop = tmp_path / "project" / "shop"
    (shop.parent / ".git").mkdir(parents=True)
    shop.mkdir()
    (shop / "__init__.py").write_text("")
    (shop / "prices.py").write_text(PRICES)
    (shop.parent / "app.py").write_text(APP)
    (shop.parent / ".env").write_text("TOKEN=x\n")
    return shop


def cursor(shop: Path) -> str:
    return f"{shop.parent / 'app.py'}:5:23"


def test_what_the_model_is_told_of_a_file_that_is_not_open(run: Run, shop: Path) -> None:
    done = run("context", cursor(shop))
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert any(line.startswith("shop/prices.py ") for line in lines)
    assert any(" discounted " in line and "named near the cursor" in line for line in lines)
    assert "before the cursor, lines 1 to 5" in done.stdout
    assert "Counted by scripted" in lines[-1]
    assert "of 2,048 tokens; the whole prompt takes" in lines[-1]


def test_the_prompt_is_the_one_of_the_models_own_format(run: Run, shop: Path) -> None:
    prompt = run("context", cursor(shop), "--prompt").stdout
    assert "def discounted(cart: Cart, rate: float) -> float:" in prompt
    assert prompt.index("<|fim_prefix|>") > prompt.index("def discounted(cart: Cart"), "stable parts come first"
    assert "TOKEN" not in prompt


def test_without_an_engine_tokens_are_estimated_and_the_cursor_is_marked(run: Run, shop: Path) -> None:
    done = run("context", cursor(shop), **ENGINELESS)
    assert "an estimate, since no engine runs" in done.stdout.splitlines()[-1]
    prompt = run("context", cursor(shop), "--prompt", **ENGINELESS).stdout
    assert prompt.rstrip("\n").endswith("    return discounted(<cursor>")
    assert "# shop/prices.py\n" in prompt


def test_an_index_that_cannot_be_kept_is_said_once(run: Run, shop: Path) -> None:
    (state := Path(run.home["UNDERSTUDY_STATE_HOME"])).mkdir(exist_ok=True)
    (state / "index").write_text("a file where the folder should be")
    done = run("context", cursor(shop))
    assert done.returncode == 0
    assert "discounted" in done.stdout
    assert done.stderr.count("cannot be written") == 1


def test_a_repository_without_source_files_has_no_map(run: Run, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "README.md").write_text("# Texts\n")
    done = run("map", str(tmp_path / "texts"))
    assert done.returncode == 1
    assert "No source file is known" in done.stderr
    assert "a language with a grammar" in done.stderr


def test_a_smaller_budget_is_kept(run: Run, shop: Path) -> None:
    said = json.loads(run("context", cursor(shop), "--json", "--budget", "64").stdout)
    assert said["limit"] == 64
    assert 0 < said["tokens"] <= 64
    assert len(said["pieces"]) < len(json.loads(run("context", cursor(shop), "--json").stdout)["pieces"])


def test_the_account_for_programs_adds_up(run: Run, shop: Path) -> None:
    said = json.loads(run("context", cursor(shop), "--json").stdout)
    parts = sum(said[part]["tokens"] for part in ("head", "before", "after"))
    assert said["tokens"] == parts + sum(piece["tokens"] for piece in said["pieces"])
    assert {piece["path"] for piece in said["pieces"]} == {file["path"] for file in said["files"]}
    assert said["before"]["text"] + said["after"]["text"] == APP
    assert all(file["text"].rstrip("\n").splitlines()[0] in said["prompt"] for file in said["files"])


def test_a_long_file_has_its_tree_here_too(run: Run, shop: Path) -> None:
    app = shop.parent / "app.py"
    app.write_text(APP.removesuffix("    return discounted(") + "    cost = 0.0\n" * 40_000 + "    return discounted(")
    said = json.loads(run("context", f"{app}:40005:23", "--json").stdout)
    assert "from shop.prices import Cart, discounted" in said["head"]["text"]


def test_where_nothing_is_read_that_is_said(run: Run, shop: Path) -> None:
    done = run("context", cursor(shop), UNDERSTUDY_CONTEXT_INDEX="false")
    assert done.returncode == 0
    assert "`context.index` is switched off" in done.stdout
    assert "shop/prices.py" not in done.stdout
    assert "home folder" in run("context", cursor(shop), HOME=str(shop.parent)).stdout


def test_why_a_completion_would_not_be_asked_for(run: Run, shop: Path) -> None:
    assert "nothing would be asked for" not in run("context", cursor(shop)).stdout
    done = run("context", f"{shop.parent / 'app.py'}:5:14")
    assert "nothing would be asked for here: the cursor is inside a word." in done.stdout
    done = run("context", cursor(shop), UNDERSTUDY_COMPLETION_DISABLED_LANGUAGES="python")
    assert "nothing would be asked for here: this language is switched off." in done.stdout


@pytest.mark.parametrize("words", ["{}/.env:1:1", "{}/app.py:9:1", "{}/none.py:1:1", "{}/shop:1:1", "{}/app.py"])
def test_a_place_that_cannot_be_looked_at_is_one_sentence(run: Run, shop: Path, words: str) -> None:
    done = run("context", words.format(shop.parent))
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
    if ".env" in words:
        assert "never shown to a model" in done.stderr


@pytest.mark.parametrize("word", ["0", "-1", "many", "10000001"])
def test_a_budget_that_is_none(run: Run, shop: Path, word: str) -> None:
    done = run("map", str(shop), "--budget", word)
    assert (done.returncode, done.stdout) == (2, "")
    assert "budget" in done.stderr


def test_the_map_has_what_others_lean_on(run: Run, shop: Path) -> None:
    done = run("map", str(shop.parent))
    assert done.returncode == 0
    assert done.stdout.startswith("shop/prices.py\n")
    assert "def discounted(cart: Cart, rate: float) -> float:" in done.stdout
    assert "return rate" not in done.stdout, "bodies are left out"
    assert "of 3 files" in done.stderr


def test_the_map_from_a_place_for_programs(run: Run, shop: Path) -> None:
    said = json.loads(run("map", str(shop.parent / "app.py"), "--json", "--budget", "40").stdout)
    assert (said["folder"], said["limit"], said["known"]) == (str(shop.parent), 40, 3)
    assert said["tokens"] <= 40
    assert [file["path"] for file in said["files"]] == ["shop/prices.py"]


def test_the_map_is_another_from_another_place(run: Run, shop: Path) -> None:
    """What a file leans on comes first in the map that is drawn from it."""
    (shop / "stock.py").write_text("def counted(shelf: int) -> int:\n    return shelf\n")
    for number in range(5):
        (shop / f"user{number}.py").write_text("from shop.prices import discounted\n\ndiscounted(None, 1)\n")
    (shop / "store.py").write_text("from shop.stock import counted\n\ncounted(3)\n")
    assert run("map", str(shop.parent)).stdout.startswith("shop/prices.py\n")
    assert run("map", str(shop / "store.py")).stdout.startswith("shop/stock.py\n")


def test_a_folder_with_nothing_to_map(run: Run, shop: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for words, variables, status, says in (
        ((str(empty),), {}, 1, "No source file is known"),
        ((str(tmp_path / "none"),), {}, 2, "There is no file or folder"),
        ((str(shop),), {"UNDERSTUDY_CONTEXT_INDEX": "false"}, 1, "switched off"),
    ):
        done = run("map", *words, **variables)
        assert (done.returncode, done.stdout) == (status, "")
        *progress, sentence = done.stderr.splitlines()
        assert says in sentence
        assert all("%" in line for line in progress)


def test_a_completion_is_asked_for_with_what_is_not_open(run: Run, shop: Path, tmp_path: Path) -> None:
    script = tmp_path / "knowing"
    script.write_text('!when "def discounted(cart: Cart, rate: float)"\n"cart, 0.5)"\n', encoding="utf-8")
    done = run("complete", cursor(shop), UNDERSTUDY_SCRIPT=str(script))
    assert (done.returncode, done.stdout) == (0, "cart, 0.5)\n")


def test_doctor_says_what_is_kept_and_how_to_be_rid_of_it(run: Run, shop: Path) -> None:
    assert "no workspace was read yet" in run("doctor").stdout
    run("map", str(shop))
    said = run("doctor").stdout
    line = next(line for line in said.splitlines() if "index of project" in line)
    assert f"3 files below {shop.parent}" in line
    assert "just now" in line
    assert "delete the folder" in said
    assert "switched off" in run("doctor", UNDERSTUDY_CONTEXT_INDEX="false").stdout


@pytest.mark.skipif(os.name == "nt", reason="there Ctrl-C is for a whole console")
def test_ctrl_c_ends_a_long_reading_at_once_and_in_silence(home: dict[str, str], tmp_path: Path) -> None:
    project = tmp_path / "large"
    for number in range(1500):
        file = project / f"part{number % 30}" / f"file{number}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"def name{number}_{row}(a):\n    return a\n" for row in range(60)))
    command = (sys.executable, "-m", "understudy", "map", str(project))
    with subprocess.Popen(
        command, env=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        assert "%" in process.stderr.readline(), "it says how far it is"
        began = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert time.monotonic() - began < 5
    assert out == ""
    assert "Traceback" not in err
