"""Whether a history is as a requirement asks: what is expected must be there, what is more does not matter."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_PLACEHOLDER = re.compile(r"\$\{([A-Z_0-9]+)\}")
_PATTERN = re.compile(r"\$\{/(.*)/\}|/(.*)/")


@dataclass(slots=True)
class Bindings:
    """What placeholders stand for: each for one value, and no two for the same."""

    values: dict[str, Any] = field(default_factory=dict)

    def agrees(self, name: str, actual: Any) -> bool:
        """Whether a placeholder may stand for a value; it does from then on."""
        if name not in self.values and actual not in self.values.values():
            self.values[name] = actual
        return bool(actual) and self.values.get(name) == actual


def differences(expected: Any, actual: Any, bindings: Bindings, where: str = "") -> Iterator[str]:
    """Where a value is not as expected."""
    if expected in ("*", {}):
        if actual is None:
            yield f"{where} is missing"
    elif isinstance(expected, dict):
        yield from _members(expected, actual, bindings, where)
    elif isinstance(expected, list):
        yield from _elements(expected, actual, bindings, where)
    elif not _agrees(expected, actual, bindings):
        yield f"{where} is {actual!r}, expected {expected!r}"


def _members(expected: dict[str, Any], actual: Any, bindings: Bindings, where: str) -> Iterator[str]:
    if not isinstance(actual, Mapping):
        yield f"{where} is {actual!r}, expected an object"
        return
    for name, member in expected.items():
        yield from differences(member, actual.get(name), bindings, f"{where}.{name}")


def _elements(expected: list[Any], actual: Any, bindings: Bindings, where: str) -> Iterator[str]:
    if not isinstance(actual, list) or len(actual) != len(expected):
        yield f"{where} is {actual!r}, expected {expected!r}"
        return
    for number, element in enumerate(expected):
        yield from differences(element, actual[number], bindings, f"{where}[{number}]")


def _agrees(expected: Any, actual: Any, bindings: Bindings) -> bool:
    if isinstance(expected, str):
        if placeholder := _PLACEHOLDER.fullmatch(expected):
            return bindings.agrees(placeholder[1], actual)
        if pattern := _PATTERN.fullmatch(expected):
            return isinstance(actual, str | int) and re.search(pattern[1] or pattern[2], str(actual)) is not None
    return bool(expected == actual) and isinstance(actual, type(expected))


def history_differences(
    expected: Sequence[Mapping[str, Any]], actual: Sequence[Mapping[str, Any]], bindings: Bindings
) -> list[str]:
    """Where a history is not as expected; events are known by their ids."""
    told = {event["EventId"]: event for event in actual}
    found = []
    for event in expected:
        number = event["EventId"]
        where = f"event {number}"
        if number not in told:
            found.append(f"{where} {event['EventType']} is missing")
        elif different := list(differences(dict(event), told[number], bindings, where)):
            found += [*different, f"  expected {json.dumps(event)}", f"  but was  {json.dumps(told[number])}"]
    return found


def log_differences(
    expected: Sequence[Mapping[str, Any]], lines: Sequence[Mapping[str, Any]], bindings: Bindings
) -> list[str]:
    """Where log lines are not as expected: how many are alike, and which others must stand before the first."""
    found: list[str] = []
    for entry in expected:
        places = _places(entry["match"], lines, bindings)
        if "count" in entry and len(places) != entry["count"]:
            found.append(f"{entry['match']} stands {len(places)} times in the log, expected {entry['count']}")
        for before in entry.get("after", ()):
            earlier = _places(before, lines, bindings)
            if places and (not earlier or earlier[0] > places[0]):
                found.append(f"{entry['match']} stands before {before}")
    return [*found, "the log:", *(f"  {json.dumps(line)}" for line in lines)] if found else []


def _places(match: dict[str, Any], lines: Sequence[Mapping[str, Any]], bindings: Bindings) -> list[int]:
    return [number for number, line in enumerate(lines) if not list(differences(match, line, bindings))]
