import json

from app.adapters.data_types.rows.unreadable import (
    KEPT_CHARACTERS,
    MOST_CHARACTERS,
    TOO_LONG,
    bounded,
    reason_of,
    unreadable,
)


def test_a_row_that_could_not_be_read_is_one_line_that_tells_why_and_what() -> None:
    row = unreadable("is torn", 'a,"b\n\udcff')

    assert "\n" not in row
    assert json.loads(row)["text"] == 'a,"b\n\udcff'
    assert reason_of(json.loads(row)) == "is torn"


def test_a_row_that_was_read_has_no_such_reason() -> None:
    assert reason_of({"id": "a", "text": "b"}) is None


def test_a_reason_that_a_row_brings_along_is_cut() -> None:
    assert len(reason_of(json.loads(unreadable("x" * 1_000, ""))) or "") == 200


def test_a_row_as_long_as_may_be_passes() -> None:
    row = "x" * MOST_CHARACTERS

    assert bounded(row) is row


def test_of_a_longer_row_the_beginning_is_kept() -> None:
    kept = json.loads(bounded("x" * (MOST_CHARACTERS + 1)))

    assert reason_of(kept) == TOO_LONG
    assert kept["text"] == "x" * KEPT_CHARACTERS
