"""Every workflow's executions, recorded up to each of its suspension points."""

from collections.abc import Callable, Iterator

from durable_local.replay.document import Json
from tests.golden.analyst_histories import analyst
from tests.golden.cart_reminder_histories import cart_reminder
from tests.golden.fulfilment_histories import fulfilment
from tests.golden.pipeline_histories import pipeline
from tests.golden.tour_histories import tour

RECORDERS: dict[str, Callable[[], Iterator[tuple[str, list[Json]]]]] = {
    "analyst": analyst,
    "cart_reminder": cart_reminder,
    "fulfilment": fulfilment,
    "pipeline": pipeline,
    "tour": tour,
}
"""By the module of the workflow's entrypoint: the history at each suspension point."""
