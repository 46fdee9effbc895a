import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import RowRejectedError
from app.domain.repeats import FEWEST_SLOTS, FirstRows, refuse_repetition

row_ids = st.one_of(st.text(max_size=3), st.sampled_from(["a", "A", "", "ab", "b", "\udcff", "x" * 65]))


@given(st.lists(st.lists(row_ids, max_size=10), max_size=10))
def test_a_row_repeats_the_first_row_with_its_id_on_whatever_page(pages: list[list[str]]) -> None:
    first_rows, every, found = FirstRows(), list[str](), dict[int, int]()

    for page in pages:
        found |= first_rows.repeats(page)
        every += page

    expected = {number: every.index(row_id) + 1 for number, row_id in enumerate(every, start=1) if row_id}
    assert found == {number: first for number, first in expected.items() if first != number}


def test_first_rows_are_known_however_many_there_are() -> None:
    first_rows, many = FirstRows(), 20 * FEWEST_SLOTS

    rows = len(range(1, many, 1_000)) * 1_000
    for first_row in range(1, many, 1_000):
        assert first_rows.repeats([f"o-{first_row + n}" for n in range(1_000)]) == {}

    assert first_rows.repeats([f"o-{n}" for n in (1, many // 2, many + 1_000)]) == {
        rows + 1: 1,
        rows + 2: many // 2,
    }


def test_ids_of_one_hash_are_told_apart_by_comparing_them() -> None:
    first_rows = FirstRows()
    ids = [f"o-{n}" for n in range(FEWEST_SLOTS // 2)]  # in half of the slots some must collide

    assert first_rows.repeats(ids) == {}
    assert first_rows.repeats(ids) == {len(ids) + n: n for n in range(1, len(ids) + 1)}


def test_a_repetition_is_refused_by_name_of_the_row_that_has_the_id() -> None:
    with pytest.raises(RowRejectedError, match="is the id of row 1 already"):
        refuse_repetition(3, {3: 1})
    refuse_repetition(1, {3: 1})
