from itertools import islice

import pytest

from tests.soak.cases import Case
from tests.soak.drawing import draw
from tests.soak.programs import size
from tests.soak.trials import explored, tried

SMALL = list(islice((seed for seed in range(1_000_000) if size(draw(seed)) in {2, 3, 4}), 20))


def failures(seed: int, most: int) -> str:
    return "\n\n".join(str(trial) for trial in explored(seed, most) if trial.breaches)


@pytest.mark.parametrize("seed", SMALL)
def test_a_small_program_comes_to_what_the_model_says_whatever_befalls_it(seed: int) -> None:
    assert failures(seed, most=8) == ""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(300))
def test_a_program_comes_to_what_the_model_says_whatever_befalls_it(seed: int) -> None:
    assert failures(seed, most=20) == ""


def test_a_case_happens_again_exactly() -> None:
    cases = [Case(seed, "dies-after", 3) for seed in range(10)]

    first, second = list(map(tried, cases)), list(map(tried, cases))

    assert [(trial.log, trial.traces) for trial in second] == [(trial.log, trial.traces) for trial in first]
    assert max(task for trial in first for trace in trial.traces for task in trace) > 2


def test_a_case_is_named_by_its_text() -> None:
    case = Case(17, "dies-before", 3)

    assert Case.parse(str(case)) == case
