from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from app.domain.pages import Page, from_lines, paged, to_lines

any_bytes = st.one_of(st.binary(), st.text(st.sampled_from("aü€𝄞")).map(str.encode))
any_row = any_bytes.map(lambda body: body.replace(b"\n", b"").decode(errors="surrogateescape"))


@given(st.lists(any_row), st.integers(1, 5), st.integers(1, 40))
def test_paging_keeps_every_row_in_order_and_numbers_the_pages(rows: list[str], most: int, size: int) -> None:
    pages = list(paged(rows, most, size))

    assert list(chain.from_iterable(page.rows for page in pages)) == rows
    assert [page.number for page in pages] == list(range(len(pages)))
    assert all(len(page.rows) <= most for page in pages)
    assert all(len(page.body) <= size for page in pages if len(page.rows) > 1)


@given(st.lists(any_row))
def test_any_bytes_survive_the_way_into_a_page_and_out(rows: list[str]) -> None:
    body = Page(0, tuple(rows)).body

    assert from_lines(body) == rows


def test_a_page_closes_before_it_grows_past_its_size() -> None:
    pages = list(paged(["aaaa", "bbbb", "cc"], page_rows=100, page_bytes=10))

    assert [page.rows for page in pages] == [("aaaa", "bbbb"), ("cc",)]


def test_a_row_larger_than_a_page_has_a_page_of_its_own() -> None:
    pages = list(paged(["a", "b" * 100, "c"], page_rows=100, page_bytes=10))

    assert [len(page.rows) for page in pages] == [1, 1, 1]


def test_rows_are_read_no_further_than_the_page_that_is_asked_for() -> None:
    rows = iter(["1", "2", "3", "4"])

    next(paged(rows, page_rows=1, page_bytes=100))

    assert list(rows) == ["3", "4"]


def test_what_is_no_line_break_in_a_document_stays_inside_its_text() -> None:
    texts = ["a\u2028b\x0b\x1c\rc"]

    assert from_lines(to_lines(texts)) == texts


def test_a_document_that_was_cut_off_still_tells_what_its_last_line_holds() -> None:
    assert from_lines(b"a\nb") == ["a", "b"]
    assert from_lines(b"") == []
