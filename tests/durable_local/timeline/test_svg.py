"""Timelines as SVG; `tour.svg` is to be looked at when it changes."""

import time
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from durable.model import ErrorObject, Operation, OperationStatus, OperationType, StepDetails
from durable_local.executions import Execution
from durable_local.timeline.rows import Timeline, Told, timeline
from durable_local.timeline.spans import Json
from durable_local.timeline.svg import standalone
from tests.durable_local.timeline.drawn import GOLDEN, tour
from tests.fakes.clock import START

SVG = "{http://www.w3.org/2000/svg}"
NOW = START + timedelta(hours=1)
EXECUTION = Execution("arn:1", "monday", "f", "RUNNING", "{}", None, None, START, None, 2)
STEP = Operation("s", OperationType.STEP, OperationStatus.FAILED, None, "charge", START, NOW)


def drawn(*operations: Operation) -> Timeline:
    events: list[Json] = []
    for each in operations:
        events.append({"EventType": "StepStarted", "EventTimestamp": START, "Id": each.operation_id})
        ended = {"EventType": "StepFailed", "EventTimestamp": NOW, "Id": each.operation_id, "StepFailedDetails": {}}
        events.append(ended)
    return timeline(START, None, Told(operations, events, NOW), complete=True)


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter() if element.text]  # noqa: S314 - ours


def test_the_tour_is_drawn_as_it_was_looked_at() -> None:
    assert standalone(*tour()) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "markup", ["<script>alert(1)</script>", "</title><img src=x onerror=alert(1)>", "a&amp;'\"]]>"]
)
def test_markup_in_names_and_errors_is_text(markup: str) -> None:
    step = replace(STEP, name=markup, step_details=StepDetails(error=ErrorObject(markup, markup)))
    svg = standalone(replace(EXECUTION, name=markup), drawn(step))

    elements = {element.tag for element in ET.fromstring(svg).iter()}  # noqa: S314 - ours
    assert f"{SVG}script" not in elements
    assert f"{SVG}img" not in elements
    assert markup in texts(svg)
    assert any(markup in text for text in texts(svg) if "began" in text)


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\ud800", "\uffff"])
def test_what_xml_cannot_hold_is_replaced(letter: str) -> None:
    svg = standalone(EXECUTION, drawn(replace(STEP, name=f"a{letter}b")))

    assert "a\ufffdb" in texts(svg)
    svg.encode()


def test_a_file_has_light_and_dark_styles() -> None:
    assert "prefers-color-scheme: dark" in standalone(*tour())


def test_what_goes_on_is_marked_and_ends_for_now() -> None:
    step = replace(STEP, status=OperationStatus.STARTED, end_timestamp=None)
    begun: Json = {"EventType": "StepStarted", "EventTimestamp": START, "Id": "s"}

    svg = standalone(EXECUTION, timeline(START, None, Told([step], [begun], NOW, invoked=START), complete=True))

    assert [text for text in texts(svg) if "so far" in text] == 2 * [
        "runs 1 h 0 min so far\n2026-01-01 00:00:00.000 UTC to now"
    ]
    assert svg.count('class="end open"') == 2


def test_a_row_tells_its_attempts_its_times_and_its_error() -> None:
    step = replace(STEP, step_details=StepDetails(3, error=ErrorObject("card\nrefused", "shop.PaymentError")))

    titles = [text for text in texts(standalone(EXECUTION, drawn(step))) if "\n" in text]

    assert titles[-2:] == [
        "charge · STEP · failed · 1 h 0 min\nbegan 2026-01-01 00:00:00.000 UTC\n3 attempts\nPaymentError: card refused",
        "runs 1 h 0 min, failed\n2026-01-01 00:00:00.000 UTC to 2026-01-01 01:00:00.000 UTC",
    ]


def test_what_failed_is_marked_by_more_than_its_colour() -> None:
    failed, succeeded = standalone(EXECUTION, drawn(STEP)), standalone(*tour())

    assert 'class="end"' in failed
    assert 'class="end"' not in succeeded


def test_a_long_name_is_cut_short_and_wide_letters_count_twice() -> None:
    svg = standalone(
        EXECUTION, drawn(replace(STEP, name="execute-" * 20), replace(STEP, operation_id="w", name="字" * 60))
    )

    cut = [text for text in texts(svg) if text.endswith("…") and text != "…"]
    assert [len(text) for text in cut] == [40, 20]


def test_three_thousand_operations_are_drawn_in_a_moment() -> None:
    operations = [replace(STEP, operation_id=f"s{number}") for number in range(3_000)]

    began = time.process_time()
    svg = standalone(EXECUTION, drawn(*operations))

    assert svg.count('class="row"') == 3_000
    assert time.process_time() - began < 3
