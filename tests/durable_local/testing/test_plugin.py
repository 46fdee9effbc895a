"""The fixtures, as a project's tests get them."""

import subprocess
import sys
from pathlib import Path

FORGETFUL = """
from durable import durable_execution
from durable.config import Duration

kept = []

@durable_execution
def handler(event, context):
    context.step(lambda _: kept.append(1), name="keep")
    context.wait(Duration.from_seconds(1), name="pause")
    return len(kept)
"""
TESTS = """
import forgetful

def test_warm(durable_runner):
    assert durable_runner(forgetful.handler).run().result == 1

def test_cold(cold):
    assert cold("forgetful.handler").run().result == 0

def test_modules_are_put_back():
    import sys
    assert sys.modules["forgetful"] is forgetful
"""


def test_a_project_s_tests_get_warm_and_cold_runners(tmp_path: Path) -> None:
    (tmp_path / "forgetful.py").write_text(FORGETFUL)
    (tmp_path / "test_forgetful.py").write_text(TESTS)

    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "durable_local.testing.plugin",
            "-p",
            "no:cacheprovider",
            "-q",
            tmp_path,
        ],
        env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[3]}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "3 passed" in ran.stdout, ran.stdout + ran.stderr
