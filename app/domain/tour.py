"""What the tour asks for, works on and tells: plain JSON, because it crosses checkpoints."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from app.domain.errors import InvalidRequestError, shown
from app.domain.greeting import checked_name

MOST_ITEMS = 50
LONGEST_ITEM = 100


class WorkItem(TypedDict):
    """One thing to label; its name derives from its place, so it fits into keys and operations."""

    name: str
    text: str


class Polled(TypedDict):
    """What the last poll told, and which one it was."""

    polls: int
    ready: bool


class Outcome(TypedDict):
    """What the tour came to; `found` is by the task's name, `labels` are the keys of documents."""

    greeting: str
    answer: object
    found: dict[str, object]
    labels: list[str]
    polls: int


class TourSummary(Outcome):
    """The same with the address of the report."""

    report: str


@dataclass(frozen=True, slots=True)
class TourRequest:
    """Who goes on the tour, and with what."""

    name: str
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class TourKeys:
    """The keys of one execution's documents: they derive from its name, so a repeated step overwrites its own."""

    execution: str

    def of(self, document: str) -> str:
        """The key of the question, of a label or of the report."""
        return f"tour/{self.execution}/{document}.txt"


def requested_tour(event: object) -> TourRequest:
    """The request in an event: a name, and 1 to 50 texts."""
    if not isinstance(event, dict) or set(event) != {"name", "items"}:
        raise InvalidRequestError('The event must be an object with the members "name" and "items"')
    items = event["items"]
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        raise InvalidRequestError(f'"items" must be a list of 1 to {MOST_ITEMS} texts, not {shown(items)}')
    return TourRequest(checked_name(event["name"]), [_checked_item(item) for item in items])


def _checked_item(item: object) -> str:
    if not isinstance(item, str) or not item.strip() or not item.isprintable() or len(item) > LONGEST_ITEM:
        raise InvalidRequestError(f"An item must be 1 to {LONGEST_ITEM} printable characters, not {shown(item)}")
    return item


def work_items(items: Sequence[str]) -> list[WorkItem]:
    """The items without the space around them, each once, in the order in which they came."""
    texts = dict.fromkeys(item.strip() for item in items)
    return [WorkItem(name=f"item-{number}", text=text) for number, text in enumerate(texts, start=1)]


TASKS: Mapping[str, Callable[[Sequence[str]], object]] = {
    "count-letters": lambda texts: sum(character.isalpha() for text in texts for character in text),
    "find-longest": lambda texts: max(texts, key=len),
    "sort-items": sorted,
}
"""What is found out about the items in parallel, by the name of the branch."""


def question(items: Sequence[WorkItem]) -> str:
    """What whoever answers the callback is asked."""
    return f"May these {len(items)} be labelled? {', '.join(item['text'] for item in items)}\n"


def answer(text: str | None) -> object:
    """What was answered: what the text says as JSON, or else the text itself, for people answer too."""
    try:
        return text and json.loads(text, parse_constant=_refuse)
    except ValueError:
        return text


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


def label(item: WorkItem) -> str:
    """What stands on the label of a work item."""
    return f"{item['name']}: {item['text']}\n"


def report(outcome: Outcome) -> str:
    """What the tour came to, a line each."""
    found = [f"{task}: {json.dumps(value)}" for task, value in outcome["found"].items()]
    counted = [f"labels: {len(outcome['labels'])}", f"polls: {outcome['polls']}"]
    return "\n".join([outcome["greeting"], f"answer: {shown(outcome['answer'])}", *found, *counted]) + "\n"
