from typing import Any

import pytest

from app.domain.datasets import checked_name, rows_of
from app.domain.errors import InvalidDocumentError


def test_a_plain_document_is_a_row() -> None:
    assert list(rows_of("teas", {"sku": "t-1", "price": "1.00"})) == [("teas", {"sku": "t-1", "price": "1.00"})]


def test_what_a_document_lists_goes_into_a_table_of_its_own_with_the_documents_id() -> None:
    order = {"id": "o-1", "lines": [{"sku": "t-1"}, {"sku": "t-2"}], "notes": ["late"], "total": "3.00"}

    assert list(rows_of("orders", order)) == [
        ("orders", {"id": "o-1", "total": "3.00"}),
        ("orders_lines", {"orders_id": "o-1", "sku": "t-1"}),
        ("orders_lines", {"orders_id": "o-1", "sku": "t-2"}),
        ("orders_notes", {"orders_id": "o-1", "value": "late"}),
    ]


@pytest.mark.parametrize("document", [{}, {"lines": [{"sku": "t-1"}]}])
def test_a_document_without_an_id_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(InvalidDocumentError, match="'orders' holds nothing but lists"):
        list(rows_of("orders", document))


@pytest.mark.parametrize("document", [[], "text", None])
def test_what_is_no_object_is_refused(document: object) -> None:
    with pytest.raises(InvalidDocumentError, match=r"A document of 'orders' is .*, not an object"):
        list(rows_of("orders", document))


@pytest.mark.parametrize("name", ["", "1st", 'a"; DROP TABLE b; --', "a-b", "x" * 65, "a\n"])
def test_what_could_be_more_than_a_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidDocumentError, match="cannot name a table or a column"):
        checked_name(name)


def test_a_plain_name_passes() -> None:
    assert checked_name("unit_price") == "unit_price"
