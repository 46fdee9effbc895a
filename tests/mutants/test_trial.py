from pathlib import Path

import pytest

from tests.mutants.mutant import Mutant
from tests.mutants.trial import Death, UntriedError, put_to_the_test, run_tests

TEST = "tests/test_answer.py"
RIGHT = "from answer import answer\n\ndef test_the_answer():\n    assert answer == 42\n"
PATIENT = "import threading\n\ndef test_for_ever():\n    threading.Event().wait()\n"


def project(folder: Path, test: str) -> Path:
    """A project of one module and one test."""
    made = folder / "project"
    (made / "tests").mkdir(parents=True)
    (made / "answer.py").write_text("answer = 42\n")
    (made / TEST).write_text(test)
    return made


def test_tests_that_pass_kill_nothing(tmp_path: Path) -> None:
    assert run_tests(project(tmp_path, RIGHT), [TEST]) is None


def test_a_mutant_is_killed_by_the_first_test_that_fails_and_the_project_stays_as_it_is(tmp_path: Path) -> None:
    made = project(tmp_path, RIGHT)

    death = put_to_the_test(Mutant("wrong", "answer.py", "42", "41", (TEST,)), made, 1)

    assert str(death) == f"{TEST}::test_the_answer"
    assert (made / "answer.py").read_text() == "answer = 42\n"
    assert list(tmp_path.iterdir()) == [made]


def test_a_test_that_hangs_kills_too_and_says_so(tmp_path: Path) -> None:
    death = run_tests(project(tmp_path, PATIENT), [TEST], patience=0.2)

    assert death == Death(f"{TEST}::test_for_ever", is_hang=True)
    assert str(death) == f"hangs in {TEST}::test_for_ever"


@pytest.mark.parametrize("test", ["import nothing_of_this_name\n", "no_test = True\n"])
def test_tests_that_do_not_run_say_nothing_of_a_mutant(tmp_path: Path, test: str) -> None:
    with pytest.raises(UntriedError, match="before any test had failed"):
        run_tests(project(tmp_path, test), [TEST])
