"""Any number of order rows as the shop writes them, one percent of them bad; the same seed gives the same rows."""

import json
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any

SEED = 1937
BAD_EVERY = 100
"""One row of so many is bad."""
KINDS = ("wrong total", "no quantity", "cut off", "nameless", "unknown field", "no id of its own", "split cent")
SHELVES = ("coffee", "spice", "sweet", "tea", "ware")


def write_orders(document: Path, rows: int) -> int:
    """Write the first rows of the shop as JSON Lines; the answer is how many of them are bad."""
    with document.open("w") as lines:
        lines.writelines(f"{row}\n" for row in islice(orders(), rows))
    return rows // BAD_EVERY


def orders(seed: int = SEED) -> Iterator[str]:
    """Rows without end; each hundredth breaks a rule, the next kind of rule each time."""
    random = Random(seed)  # noqa: S311 - rows, no secrets
    for number in count(1):
        order = _order(random, number)
        yield json.dumps(order) if number % BAD_EVERY else _spoilt(order, number)


def _order(random: Random, number: int) -> dict[str, Any]:
    lines = [_line(random) for _ in range(random.choice((1, 1, 2, 2, 3, 4)))]
    total = sum(line["quantity"] * round(line["unit_price"] * 100) for line in lines)
    customer = f"c-{random.randrange(100_000):06}"
    return {"id": f"o-{number:09}", "customer_id": customer, "lines": lines, "total": total / 100}


def _line(random: Random) -> dict[str, Any]:
    sku = f"{random.choice(SHELVES)}-{random.randrange(1, 100):02}"
    return {"sku": sku, "quantity": random.choice((1, 1, 2, 3, 6)), "unit_price": random.randrange(200, 10_000) / 100}


def _spoilt(order: dict[str, Any], number: int) -> str:
    match KINDS[number // BAD_EVERY % len(KINDS)]:
        case "wrong total":
            order["total"] += 1
        case "no quantity":
            order["lines"][0]["quantity"] = 0
        case "cut off":
            return json.dumps(order)[:40]
        case "nameless":
            del order["customer_id"]
        case "unknown field":
            order["colour"] = "blue"
        case "no id of its own":
            order["id"] = f"o-{number - 1:09}"
        case "split cent":
            order["lines"][0]["unit_price"] += 0.001
    return json.dumps(order)
