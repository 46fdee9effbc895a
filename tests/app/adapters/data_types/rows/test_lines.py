import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.data_types.rows.lines import UnreadableDocumentError, text_lines
from app.adapters.data_types.rows.unreadable import MOST_CHARACTERS

LONG = b"x" * (3 * MOST_CHARACTERS)


def lines(body: bytes, newline: str = "") -> list[str]:
    return list(text_lines(io.BytesIO(body), newline))


@given(st.lists(st.sampled_from([b"a", b"\n", b"\r", b"\r\n", b"\xff", "é\u2028\x85".encode()])))
def test_no_byte_is_lost_and_only_line_ends_end_lines(parts: list[bytes]) -> None:
    body = b"".join(parts)

    assert [line.encode(errors="surrogateescape") for line in lines(body)] == body.splitlines(keepends=True)
    assert "".join(lines(body, "\n")).encode(errors="surrogateescape") == body


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert lines(b"\xef\xbb\xbfa\n") == ["a\n"]
    assert lines(b"\xef\xbb\xbf") == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_other_encodings_are_refused_by_their_mark(encoding: str) -> None:
    with pytest.raises(UnreadableDocumentError, match="it is UTF-16 or UTF-32; save it as UTF-8"):
        lines("sku\n".encode(encoding))


@pytest.mark.parametrize(("newline", "end"), [("\n", b"\n"), ("", b"\n"), ("", b"\r\n"), ("", b"\r")])
def test_a_line_that_is_too_long_is_cut_and_the_next_one_is_whole(newline: str, end: bytes) -> None:
    long, last = lines(LONG + end + b"a", newline)

    assert long == "x" * (MOST_CHARACTERS + 1)
    assert last == "a"


def test_a_long_last_line_without_an_end_is_cut_too() -> None:
    assert [len(line) for line in lines(b"a\n" + LONG)] == [2, MOST_CHARACTERS + 1]


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_line_of_just_so_many_characters_costs_no_other(beyond: int) -> None:
    body = b"x" * (MOST_CHARACTERS - 1 + beyond) + b"\n"

    assert lines(body + b"a\n") == [body.decode(), "a\n"]
