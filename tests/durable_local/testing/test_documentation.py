"""The code in the README's section on tests and in docs/testing.md runs as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def code(document: str, section: str = "") -> str:
    """The Python blocks of a document, or of one of its sections."""
    text = (ROOT / document).read_text()
    if section:
        text = text.partition(f"## {section}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert blocks, f"{document} shows no code under {section!r}"
    return "\n".join(blocks)


def ran(*command: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_readme_s_five_lines_run(tmp_path: Path) -> None:
    lines = code("README.md", "Test your own")

    told = ran("-c", lines, APP_STORAGE_ROOT=str(tmp_path))

    assert len(lines.strip().splitlines()) == 5
    assert "trying 6 of" in told


def test_the_page_on_testing_is_a_test_module_that_passes(tmp_path: Path) -> None:
    (tmp_path / "test_page.py").write_text(code("docs/testing.md"))

    told = ran(
        "-m", "pytest", "-q", "-c", os.devnull, "-p", "durable_local.testing.plugin", str(tmp_path / "test_page.py")
    )

    assert "2 passed" in told
