"""Services that answer as the real one may: in small pages, with more than was asked for, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from durable.exceptions import CheckpointError, GetExecutionStateError
from durable.model import StateOutput
from tests.durable.recording import THROTTLED, ApiError, Call, RecordingService
from tests.fakes.lambda_api import LambdaApi

UNKNOWN = {"Weather": {"Sky": "blue", "Wind": [3, 4]}}


def lost_request(_call: Call) -> NoReturn:
    """The checkpoint never arrives."""
    raise CheckpointError.from_exception(ConnectionResetError("Connection reset by peer"))


@dataclass
class PagingService(RecordingService):
    """Tells everything in pages of at most two operations, an empty one first; fails to tell some of them."""

    paged: bool = True
    failing: frozenset[int] = field(default_factory=frozenset)
    """The numbers of the reads that fail, from 1."""

    def get_execution_state(
        self, durable_execution_arn: str, checkpoint_token: str, next_marker: str, max_items: int = 1000
    ) -> StateOutput:
        page = super().get_execution_state(durable_execution_arn, checkpoint_token, next_marker, min(2, max_items))
        if len(self.reads) in self.failing:
            raise GetExecutionStateError.from_exception(ApiError(*THROTTLED))
        return page


class TalkativeApi(LambdaApi):
    """Adds members that nobody knows to every object of its answers."""

    def checkpoint_durable_execution(self, **asked: Any) -> dict[str, Any]:
        answer: dict[str, Any] = talkative(super().checkpoint_durable_execution(**asked))
        return answer

    def get_durable_execution_state(self, **asked: Any) -> dict[str, Any]:
        answer: dict[str, Any] = talkative(super().get_durable_execution_state(**asked))
        return answer


def talkative(answer: Any) -> Any:
    """The same with unknown members in every object."""
    if isinstance(answer, Mapping):
        return {name: talkative(value) for name, value in answer.items()} | UNKNOWN
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        return [talkative(value) for value in answer]
    return answer
