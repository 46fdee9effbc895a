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
    case = Case(max(range(50), key=lambda seed: size(draw(seed))), "dies-after", 5)

    first, second = tried(case), tried(case)

    assert (second.log, second.traces) == (first.log, first.traces)
    assert max(map(max, first.traces)) > 2


def test_a_case_is_named_by_its_text() -> None:
    case = Case(17, "dies-before", 3)

    assert Case.parse(str(case)) == case
