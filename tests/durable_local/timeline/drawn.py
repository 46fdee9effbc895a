"""The tour as recorded for the golden histories, spread over time, and its golden picture.

`python -m tests.durable_local.timeline.drawn` draws the picture anew; look at it before you keep it.
"""

from datetime import timedelta
from pathlib import Path

from durable_local.cli.recorded import operations_of
from durable_local.executions import Execution
from durable_local.timeline.rows import Timeline, Told, timeline
from durable_local.timeline.spans import Json
from durable_local.timeline.svg import standalone
from tests.fakes.clock import START
from tests.golden import files

GOLDEN = Path(__file__).with_name("tour.svg")
_BETWEEN_EVENTS = timedelta(milliseconds=150)


def spread(history: str) -> list[Json]:
    """The events of a golden history at regular distances, for they were all recorded at one moment."""
    events: list[Json] = files.read(history)["Events"]
    invoked = START
    for number, event in enumerate(events):
        moment = event["EventTimestamp"] = START + number * _BETWEEN_EVENTS
        details = event[f"{event['EventType']}Details"]
        if "StartTimestamp" in details:
            details.update(StartTimestamp=invoked, EndTimestamp=moment)
            invoked = moment + _BETWEEN_EVENTS / 3
        if "ScheduledEndTimestamp" in details:
            details["ScheduledEndTimestamp"] = moment + 2 * _BETWEEN_EVENTS
    return events


def tour() -> tuple[Execution, Timeline]:
    """The tour from its start to its end."""
    events = spread("tour/ended")
    ended = events[-1]["EventTimestamp"]
    execution = Execution("arn:tour", "ada", "TourFunction", "SUCCEEDED", "{}", None, None, START, ended, 5)
    return execution, timeline(START, ended, Told(operations_of(events), events, ended), complete=False)


if __name__ == "__main__":
    GOLDEN.write_text(standalone(*tour()), encoding="utf-8")
