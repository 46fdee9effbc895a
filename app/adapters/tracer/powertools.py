"""A tracer of AWS X-Ray. Its SDK takes a tenth of a second to import, so only who traces imports this."""

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools import Tracer as PowertoolsSegments

from app.ports.tracer import Tracer


class PowertoolsTracer(Tracer):
    """Draws subsegments below the one that Lambda makes of the invocation; each thread has its own place there."""

    def __init__(self) -> None:
        self._recorder: Any = PowertoolsSegments(auto_patch=False).provider

    def begin(self, name: str, about: Mapping[str, str]) -> Callable[[str | None], None]:
        segment = self._recorder.begin_subsegment(name)
        for key, value in about.items():
            segment.put_annotation(key, value)

        def end(error: str | None) -> None:
            if error is not None:
                segment.put_annotation("errorType", error)
                segment.add_fault_flag()
            self._recorder.end_subsegment()

        return end
