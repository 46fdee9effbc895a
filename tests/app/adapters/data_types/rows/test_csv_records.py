import csv
import io

import pytest

from app.adapters.data_types.rows.csv_records import BrokenLine, csv_records
from app.adapters.data_types.rows.unreadable import MOST_CHARACTERS, TOO_LONG

OPEN = "has a quote that is never closed"
AFTER = "has text after a closing quote; double a quote that is part of a cell"


def records(text: str) -> list[list[str] | BrokenLine]:
    return list(csv_records(iter(io.StringIO(text, newline=""))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a,"b\nc,d\ne,f\n', [BrokenLine('a,"b', OPEN), ["c", "d"], ["e", "f"]]),
        ('a,"b\nc,d\ne,"f"\ng,h\n', [BrokenLine('a,"b', OPEN), ["c", "d"], ["e", "f"], ["g", "h"]]),
        ('a,"b\nc,d\ne,"f\ng",h\n', [BrokenLine('a,"b', OPEN), ["c", "d"], ["e", "f\ng", "h"]]),
        (
            'a,"b\n"c\n\nd,"e"f\ng\n',
            [BrokenLine('a,"b', OPEN), BrokenLine('"c', OPEN), BrokenLine('d,"e"f', AFTER), ["g"]],
        ),
        ('"a"b', [BrokenLine('"a"b', AFTER)]),
        ('"', [BrokenLine('"', OPEN)]),
        ('a"b,c""d\n', [['a"b', 'c""d']]),
    ],
)
def test_a_quote_that_does_not_close_costs_no_other_line(text: str, expected: list[list[str] | BrokenLine]) -> None:
    assert records(text) == expected


def test_a_cell_that_is_too_long_is_one_broken_line() -> None:
    assert records(f"a,{'x' * (csv.field_size_limit() + 1)}\nb,c\n") == [
        BrokenLine(f"a,{'x' * (csv.field_size_limit() + 1)}", "has a cell of more than 131072 characters"),
        ["b", "c"],
    ]


def test_a_record_that_is_too_long_is_broken_whether_it_has_one_line_or_many() -> None:
    cells = ",".join(["x" * 100_000] * (MOST_CHARACTERS // 100_000 + 1)) + "\n"
    many = '"\n' + '","\n' * (MOST_CHARACTERS // 4)

    assert records(cells + "b\n") == [BrokenLine(cells.rstrip("\n"), TOO_LONG), ["b"]]
    assert records(many)[0] == BrokenLine('"', OPEN)


def test_quotes_that_never_come_out_even_are_read_in_linear_time() -> None:
    """Each line would open a record up to the limit; read again from every line on, this takes an hour."""
    lines = ['x","y\n'] * (MOST_CHARACTERS // 5)

    assert list(csv_records(iter(lines))) == [BrokenLine('x","y', OPEN)] * len(lines)
