"""Rows of every data type, some good and some bad, and what has to become of each."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EVENT = {"event_contexts": ["customers", "products", "orders"]}
ROWS = 9
IDS = {"customers": "id", "products": "sku", "orders": "id"}
BAD_FIELDS = {"customers": "email", "products": "price", "orders": "total"}
HEADER = "sku,name,category,price,stock"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one data type's rows: the ids that are stored, and the rows that are rejected with the field.

    Both are sorted and keep repetitions, so that a row which is stored or rejected twice is told from one that is not.
    """

    stored: tuple[str, ...]
    rejected: tuple[tuple[int, str], ...]

    @property
    def totals(self) -> tuple[int, int]:
        """How many rows are stored, and how many rejected."""
        return len(self.stored), len(self.rejected)


def is_bad(number: int) -> bool:
    """Whether a row breaks a rule of its record."""
    return number % 4 == 0


def row_id(number: int) -> str:
    """A row's own id; the seventh has that of the second."""
    return f"r-{2 if number == 7 else number}"


def customer(number: int) -> str:
    """A customer as the API tells it."""
    email = "nobody" if is_bad(number) else f"r{number}@example.com"
    return json.dumps({"id": row_id(number), "name": f"Ada {number}", "email": email, "country": "SE"})


def product(number: int) -> str:
    """A product's line."""
    return f"{row_id(number)},Tea {number},tea,{'-1' if is_bad(number) else number}.50,{number}"


def order(number: int) -> str:
    """An order as the shop writes it."""
    line = {"sku": "r-1", "quantity": number, "unit_price": 2}
    return json.dumps(
        {"id": row_id(number), "customer_id": "r-1", "lines": [line], "total": 2 * number + is_bad(number)}
    )


def listed(row: Callable[[int], str], rows: int = ROWS) -> list[str]:
    """So many rows."""
    return [row(number) for number in range(1, rows + 1)]


def sources(rows: int = ROWS) -> dict[str, bytes]:
    """The documents that products and orders come from, and the one that the sample customers come from."""
    return {
        "customers.json": f"[{','.join(listed(customer, rows))}]".encode(),
        "products.csv": "\n".join([HEADER, *listed(product, rows)]).encode(),
        "orders.jsonl": "\n".join(listed(order, rows)).encode(),
    }


def write_sources(folder: Path, rows: int = ROWS) -> None:
    """Put the documents into a folder of their own."""
    folder.mkdir()
    for name, body in sources(rows).items():
        (folder / name).write_bytes(body)


def expected(rows: int = ROWS) -> dict[str, Outcome]:
    """What has to become of so many rows of each data type."""
    return {data_type: _expected(field, rows) for data_type, field in BAD_FIELDS.items()}


def _expected(field: str, rows: int) -> Outcome:
    stored, rejected = list[str](), list[tuple[int, str]]()
    for number in range(1, rows + 1):
        if number == 7:
            rejected.append((number, "id"))
        elif is_bad(number):
            rejected.append((number, field))
        else:
            stored.append(row_id(number))
    return Outcome(tuple(sorted(stored)), tuple(rejected))


def expected_totals() -> dict[str, tuple[int, int]]:
    """How many rows of each data type have to be stored and rejected."""
    return {data_type: outcome.totals for data_type, outcome in expected().items()}


def outcomes(kept: Mapping[str, bytes], execution: str) -> dict[str, Outcome]:
    """What became of an execution's rows, as its documents in storage tell it."""
    return {
        data_type: Outcome(
            tuple(sorted(str(each[id_field]) for each in _lines(kept, f"documents/{execution}/{data_type}/"))),
            tuple(sorted(map(_told, _lines(kept, f"rejected/{execution}/{data_type}/")))),
        )
        for data_type, id_field in IDS.items()
    }


def totals(result: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[int, int]]:
    """What an execution's result says is stored and rejected, by data type."""
    return {data_type: (counts["stored"], counts["rejected"]) for data_type, counts in result.items()}


def delivered(kept: Mapping[str, bytes], execution: str) -> dict[str, bytes]:
    """An execution's documents and rejections, by their keys without its name."""
    return {
        f"{kind}/{rest}": body
        for key, body in kept.items()
        for kind, name, rest in [key.split("/", 2)]
        if kind in {"documents", "rejected"} and name == execution
    }


def _lines(kept: Mapping[str, bytes], folder: str) -> list[dict[str, Any]]:
    return [json.loads(line) for key, body in kept.items() if key.startswith(folder) for line in body.splitlines()]


def _told(rejection: Mapping[str, Any]) -> tuple[int, str]:
    assert rejection["reason"]
    return rejection["row"], rejection["field"]
