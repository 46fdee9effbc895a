"""The analyst: a chat model with tools answers a question, or a person does."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypedDict

from app.domain import analyst
from app.domain.analyst import Analysis, AnalystKeys, AnalystRequest, Budget, Conversation, ModelReply, Turn
from app.domain.datasets import Dataset
from app.domain.errors import UnansweredError
from app.domain.keys import execution_name
from app.ports.chat_model import ChatModel, ChatModelUnavailableError
from app.ports.datasets import Datasets, DatasetUnavailableError
from app.ports.storage import Storage, StorageUnavailableError
from app.ports.tools import Tool
from app.workflows.toolbox import Toolbox, claims
from durable import CallbackTimeoutError, DurableContext
from durable.config import Duration, StepConfig, WaitForCallbackConfig
from durable.retries import RetryStrategyConfig, create_retry_strategy
from durable.serdes import JsonSerDes

HOURS_TO_ANSWER = 48

ASK_AGAIN = create_retry_strategy(
    RetryStrategyConfig(
        max_attempts=8,  # over two minutes at most, because Bedrock's quotas are counted by the minute
        initial_delay=Duration.from_seconds(1),
        max_delay=Duration.from_minutes(1),
        retryable_error_types=[ChatModelUnavailableError],
    )
)
STORE_AGAIN = create_retry_strategy(
    RetryStrategyConfig(
        max_attempts=5,
        initial_delay=Duration.from_seconds(1),
        retryable_error_types=[DatasetUnavailableError, StorageUnavailableError],
    )
)
STEP = StepConfig(retry_strategy=STORE_AGAIN, serdes=JsonSerDes())
CALLBACK = WaitForCallbackConfig(
    timeout=Duration.from_hours(HOURS_TO_ANSWER), serdes=JsonSerDes(), retry_strategy=STORE_AGAIN
)


class Briefing(TypedDict):
    """What the execution obeys whatever the settings are later: its budget, and the data that it asks."""

    budget: Budget
    dataset: Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalystWorkflow:
    """Asks a chat model about stored documents, and uses the tools that it asks for, turn by turn.

    - The data and the budget are fixed in the first step; every call of the model is a step.
    - Beyond its budget, or stuck, the model is asked no more: a person is, and has 48 hours.
    - An answer that never came fails the execution, and so does a model that cannot be asked.
    """

    chat_model: ChatModel
    tools: Sequence[Tool]
    datasets: Datasets
    storage: Storage
    budget: Budget

    def run(self, event: object, context: DurableContext) -> Analysis:
        """The answer to the question in the event."""
        request = analyst.requested_analysis(event)
        keys = AnalystKeys(execution_name(context.execution_context.durable_execution_arn))
        briefing = context.step(lambda _: self.brief(request, keys), "build-dataset", STEP)
        conversation = Conversation(request.question, briefing["dataset"]["tables"])
        while not (reason := analyst.reason_to_escalate(conversation, briefing["budget"])):
            conversation = self.take_turn(conversation, keys, briefing, context)
            if conversation.turns[-1].reply["ending"] == "answer":
                return analyst.answered(conversation)
        context.logger.info("A person is asked", extra={"reason": reason, "modelCalls": len(conversation.turns)})
        return self.escalate(conversation, reason, keys, context)

    def brief(self, request: AnalystRequest, keys: AnalystKeys) -> Briefing:
        """Build the dataset once, so that every query of the execution sees the same rows."""
        return Briefing(budget=self.budget, dataset=self.datasets.build(request.documents, keys.dataset))

    def take_turn(
        self, conversation: Conversation, keys: AnalystKeys, briefing: Briefing, context: DurableContext
    ) -> Conversation:
        """Ask the model, and use the tools that it asks for, unless nobody would be told what came of it."""
        number = len(conversation.turns) + 1
        asking = StepConfig(retry_strategy=ASK_AGAIN, serdes=claims(self.storage))
        reply = context.step(partial(self.ask_model, conversation), f"ask-model-{number}", asking)
        asked = conversation.then(Turn(reply))
        if analyst.reason_to_escalate(asked, briefing["budget"]):
            return asked
        used = Toolbox(self.tools, self.storage).use(asked, keys.execution, briefing["dataset"], context)
        return conversation.then(Turn(reply, used))

    def ask_model(self, conversation: Conversation, _: object) -> ModelReply:
        """What the model says next."""
        return self.chat_model.reply(conversation, [tool.description for tool in self.tools])

    def escalate(self, conversation: Conversation, reason: str, keys: AnalystKeys, context: DurableContext) -> Analysis:
        """The answer of a person, who finds the question and what happened in a document."""
        handover = analyst.handover(conversation, reason).encode()
        try:
            answer = context.wait_for_callback(
                lambda *_: self.storage.put(keys.handover, handover), "ask-a-person", CALLBACK
            )
        except CallbackTimeoutError as error:
            raise UnansweredError(
                f"Nobody answered within {HOURS_TO_ANSWER} hours; what happened so far is at "
                f"{self.storage.locate(keys.handover)}"
            ) from error
        return analyst.escalated(conversation, reason, answer)
