"""The tools that a chat model asks for, carried out as durable steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from app.domain import analyst
from app.domain.analyst import Conversation, ToolDescription, ToolReply, ToolRequest
from app.domain.datasets import Dataset
from app.ports.storage import Storage, StorageUnavailableError
from app.ports.tools import Tool, ToolError, ToolUnavailableError, ToolUse
from durable import DurableContext, ParallelBranch, StepError
from durable.config import Duration, NestingType, ParallelConfig, StepConfig, StepSemantics
from durable.extras.claim_check import ClaimCheckSerDes
from durable.retries import RetryPresets, RetryStrategyConfig, create_retry_strategy
from durable.serdes import EXTENDED_TYPES_SERDES, JsonSerDes, SerDes

LARGE_REPLY = 32 * 1024
"""Bytes; a larger reply, of the model or of a tool, lies in storage, and its checkpoint holds the claim to it."""

USE_AGAIN = create_retry_strategy(
    RetryStrategyConfig(
        max_attempts=3, initial_delay=Duration.from_seconds(1), retryable_error_types=[ToolUnavailableError]
    )
)

Carried: TypeAlias = Callable[[DurableContext], ToolReply]
"""One use of a tool, which runs in the context that it is given."""


@dataclass(frozen=True, slots=True)
class Toolbox:
    """Carries out what a model may ask for, and tells it of everything that cannot be carried out or fails.

    - Each use is a step; several of one turn run side by side.
    - What looks something up is tried again where that may help. What acts outside is tried once.
    - A tool's text goes into the reply, and nothing here reads it.
    """

    tools: Sequence[Tool]
    storage: Storage

    def use(self, asked: Conversation, execution: str, dataset: Dataset, context: DurableContext) -> list[ToolReply]:
        """What came of each request of the last turn, in their order."""
        number, requests = len(asked.turns), asked.turns[-1].reply["requests"]
        judged = list(zip(requests, analyst.refusals(asked, self.descriptions), strict=True))
        allowed = [
            partial(self._use, request, ToolUse(request["input"], dataset, execution, f"{number}-{place}"))
            for place, (request, refusal) in enumerate(judged, start=1)
            if refusal is None
        ]
        done = iter(self._side_by_side(allowed, f"use-tools-{number}", context))
        return [next(done) if refusal is None else _failed(request, refusal) for request, refusal in judged]

    @property
    def descriptions(self) -> Mapping[str, ToolDescription]:
        """What a model is told of each tool, by its name."""
        return {tool.description.name: tool.description for tool in self.tools}

    def _side_by_side(self, uses: Sequence[Carried], name: str, context: DurableContext) -> list[ToolReply]:
        """What came of each use; a single one needs no operation around it."""
        match uses:
            case []:
                return []
            case [use]:
                return [use(context)]
        config = ParallelConfig(serdes=claims(self.storage, EXTENDED_TYPES_SERDES), nesting_type=NestingType.FLAT)
        used = context.parallel([ParallelBranch(use) for use in uses], name, config)
        used.throw_if_error()
        return used.get_results()

    def _use(self, request: ToolRequest, use: ToolUse, context: DurableContext) -> ToolReply:
        """What came of one request; where its step fails for good, the model is told so."""
        (tool,) = (tool for tool in self.tools if tool.description.name == request["name"])
        step = partial(_carry_out, tool, request, use)
        try:
            return context.step(step, f"{request['name']}-{use.place}", self._policy(tool.description))
        except StepError as error:
            context.logger.warning("A tool failed", extra={"tool": request["name"], "errorType": error.error_type})
            return _failed(request, analyst.given_up(tool.description))

    def _policy(self, tool: ToolDescription) -> StepConfig:
        if tool.once:
            return StepConfig(RetryPresets.none(), StepSemantics.AT_MOST_ONCE_PER_RETRY, JsonSerDes())
        return StepConfig(USE_AGAIN, serdes=claims(self.storage))


def _carry_out(tool: Tool, request: ToolRequest, use: ToolUse, _: object) -> ToolReply:
    """Use the tool. What it cannot do is a reply too; what it cannot do now is left to the step."""
    try:
        return ToolReply(id=request["id"], text=tool.use(use), failed=False)
    except ToolUnavailableError:
        raise
    except ToolError as error:
        return _failed(request, str(error))


def _failed(request: ToolRequest, text: str) -> ToolReply:
    return ToolReply(id=request["id"], text=text, failed=True)


def claims(storage: Storage, inner: SerDes[Any] | None = None) -> ClaimCheckSerDes:
    """Replies as `inner` writes them, plain JSON unless it is given, and large ones in storage."""
    return ClaimCheckSerDes(
        storage,
        inner or JsonSerDes(),
        limit=LARGE_REPLY,
        prefix="analyst/claim-checks",
        transient=(StorageUnavailableError,),
    )
