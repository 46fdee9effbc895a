import os
import subprocess
import sys
from pathlib import Path

import pytest

from durable_local.cli.output import kept_in


def test_everything_printed_meanwhile_is_kept_in_the_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bound = sys.__stdout__
    log = tmp_path / "logs" / "monday.jsonl"
    assert bound

    with kept_in(log):
        print("bound at import", file=bound, flush=True)
        os.write(1, b"from below Python\n")
        subprocess.run([sys.executable, "-c", "print('from a child')"], check=True)
    os.write(1, b"afterwards\n")

    assert log.read_text().splitlines() == ["bound at import", "from below Python", "from a child"]
    assert capfd.readouterr().out == "afterwards\n"


def test_a_second_run_adds_to_the_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for line in (b"first\n", b"second\n"):
        with kept_in(tmp_path / "monday.jsonl"):
            os.write(1, line)

    assert (tmp_path / "monday.jsonl").read_text() == "first\nsecond\n"


def test_an_error_gives_the_output_back(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="no"), kept_in(tmp_path / "monday.jsonl"):
        raise ValueError("no")

    os.write(1, b"afterwards\n")
    assert capfd.readouterr().out == "afterwards\n"
