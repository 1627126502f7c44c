"""`understudy demo` as a person sees it, with a script in the model's place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = '!always\n"self.items[name]\\n"\n'


def test_the_demonstration_types_and_shows_what_it_got(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(SCRIPT)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSTUDY_")}
    environment |= {"UNDERSTUDY_SCRIPT": str(script)}
    environment |= {f"UNDERSTUDY_{name}_HOME": str(tmp_path / name) for name in ("STATE", "DATA", "CONFIG")}
    command = [sys.executable, "-m", "understudy", "demo", "--speed", "50"]
    shown = subprocess.run(
        command, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=100, check=False
    )
    assert shown.returncode == 0, shown.stderr
    assert "⟦self.items[name]⟧" in shown.stdout
    assert "⇥ accepted" in shown.stdout
    assert "tokens in" in shown.stdout
    assert "keys typed" in shown.stdout
    assert "vim.lsp.enable" in shown.stdout
    assert "Traceback" not in shown.stderr
