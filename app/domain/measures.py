"""Measures: what executions came to, in numbers, as their results tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Measures:
    """Numbers by their names, all about the same: how many, of which kind."""

    numbers: Mapping[str, int]
    about: Mapping[str, str]


def of_execution(event: object, result: Any) -> list[Measures]:  # noqa: ARG001 - the result tells all
    """One execution that has come to its outcome, of those that its workflow knows."""
    return [ended(result["outcome"] if isinstance(result, dict) and "outcome" in result else "succeeded")]


def of_pipeline(event: object, result: Any) -> list[Measures]:
    """One execution, and what became of its rows; a shard's are counted by the execution that they come from."""
    is_shard = isinstance(event, dict) and "shard" in event
    return [ended("succeeded"), *(_rows(name, counts) for name, counts in result.items() if not is_shard)]


def ended(outcome: str) -> Measures:
    """One execution that has ended like this."""
    return Measures({"Executions": 1}, {"outcome": outcome})


def _rows(data_type: str, counts: Mapping[str, int]) -> Measures:
    numbers = {
        "RowsIngested": counts["stored"] + counts["rejected"],
        "RowsRejected": counts["rejected"],
        "DocumentsStored": counts["stored"],
    }
    return Measures(numbers, {"dataType": data_type})
