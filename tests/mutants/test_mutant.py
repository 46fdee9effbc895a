"""The list of mutants fits the core as it is, and what runs it tells death from survival."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conformance.requirements import ROOT
from tests.mutants.mutant import Mutant, StaleMutantError, read

MUTANTS = read()
MUTANT = Mutant("the answer is wrong", "answer.py", "42", "41", ("tests/test_answer.py",))


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_a_mutant_breaks_one_place_of_the_core_and_leaves_it_python(mutant: Mutant) -> None:
    broken = mutant.mutate(ROOT)

    assert broken != (ROOT / mutant.file).read_text(encoding="utf-8")
    ast.parse(broken)
    assert all((ROOT / test).is_file() for test in mutant.tests)


def test_every_mutant_has_a_name_of_its_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


@pytest.mark.parametrize(("text", "found"), [("answer = 6 * 7", 0), ("answer = 42 if True else 42", 2)])
def test_a_mutant_whose_place_is_gone_or_no_longer_the_only_one_is_stale(tmp_path: Path, text: str, found: int) -> None:
    (tmp_path / "answer.py").write_text(text)

    with pytest.raises(StaleMutantError, match=rf"the answer is wrong: answer.py has {found} times, not once, '42'"):
        MUTANT.mutate(tmp_path)


def test_a_mutant_changes_nothing_but_its_place(tmp_path: Path) -> None:
    (tmp_path / "answer.py").write_text("question = None\nanswer = 42\n")

    assert MUTANT.mutate(tmp_path) == "question = None\nanswer = 41\n"
    assert replace(MUTANT, new="43").mutate(tmp_path) == "question = None\nanswer = 43\n"
