import json

import pytest

from app.domain.errors import InvalidRequestError
from app.domain.keys import check_key
from app.domain.tour import (
    LONGEST_ITEM,
    MOST_ITEMS,
    TASKS,
    Outcome,
    TourKeys,
    WorkItem,
    answer,
    label,
    question,
    report,
    requested_tour,
    work_items,
)

ITEMS = ["plums", "apples", "pears"]


def test_a_request_names_a_person_and_items() -> None:
    request = requested_tour({"name": "Ada ", "items": ITEMS})

    assert (request.name, request.items) == ("Ada", ITEMS)


@pytest.mark.parametrize("event", [None, [], {}, {"name": "Ada"}, {"name": "Ada", "items": ITEMS, "more": 1}])
def test_an_event_of_another_shape_is_refused(event: object) -> None:
    with pytest.raises(InvalidRequestError, match=r'^The event must be an object with the members "name" and "items"$'):
        requested_tour(event)


@pytest.mark.parametrize("items", [[], "plums", None, ["plums"] * (MOST_ITEMS + 1)])
def test_a_list_that_is_empty_too_long_or_none_is_refused(items: object) -> None:
    with pytest.raises(InvalidRequestError, match=r'^"items" must be a list of 1 to 50 texts, not '):
        requested_tour({"name": "Ada", "items": items})


@pytest.mark.parametrize("item", ["", "  ", "a\nb", 7, None, "x" * (LONGEST_ITEM + 1)])
def test_an_item_that_no_label_holds_is_refused(item: object) -> None:
    with pytest.raises(InvalidRequestError, match=r"^An item must be 1 to 100 printable characters, not "):
        requested_tour({"name": "Ada", "items": ["plums", item]})


def test_a_name_by_which_nobody_can_be_greeted_is_refused_before_anything_happens() -> None:
    with pytest.raises(InvalidRequestError, match=r'^"name" must be'):
        requested_tour({"name": "", "items": ITEMS})


def test_items_are_trimmed_named_by_their_place_and_taken_once() -> None:
    assert work_items(["plums", " apples", "apples ", "plums"]) == [
        {"name": "item-1", "text": "plums"},
        {"name": "item-2", "text": "apples"},
    ]


def test_the_tasks_find_out_about_the_items() -> None:
    assert {name: task([*ITEMS, "3 figs"]) for name, task in TASKS.items()} == {
        "count-letters": 20,
        "find-longest": "apples",
        "sort-items": ["3 figs", "apples", "pears", "plums"],
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [('"yes"', "yes"), ('{"ok": true}', {"ok": True}), ("yes, please", "yes, please"), ("NaN", "NaN"), (None, None)],
)
def test_an_answer_is_taken_as_json_or_as_it_was_typed(text: str | None, said: object) -> None:
    assert answer(text) == said


def test_documents_of_one_execution_have_keys_of_their_own() -> None:
    keys = {TourKeys("first").of(document) for document in ("question", "report", "item-1", "item-2")}

    assert len(keys) == 4
    assert all(check_key(key).startswith("tour/first/") for key in keys)


def test_the_question_names_what_is_to_be_labelled() -> None:
    assert question(work_items(ITEMS)) == "May these 3 be labelled? plums, apples, pears\n"


def test_a_label_has_the_items_number_and_text() -> None:
    assert label(WorkItem(name="item-2", text="apples")) == "item-2: apples\n"


def test_the_report_has_a_line_for_each_thing_found_and_bounds_the_answer() -> None:
    told = report(
        Outcome(greeting="Hello, Ada!", answer="yes" * 100_000, found={"count-letters": 16}, labels=["a"], polls=3)
    )

    assert told.splitlines()[0] == "Hello, Ada!"
    assert told.splitlines()[2:] == ["count-letters: 16", "labels: 1", "polls: 3"]
    assert len(told) < 200


def test_whatever_a_task_finds_crosses_a_checkpoint_unchanged() -> None:
    found = {name: task(ITEMS) for name, task in TASKS.items()}

    assert json.loads(json.dumps(found)) == found
