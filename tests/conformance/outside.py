"""Who answers callbacks from outside, while time skips."""

import json
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from durable.model import ErrorObject, OperationStatus
from durable.wire import decode
from durable_local.clock import SkippingClock
from durable_local.runtime import LocalRuntime


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody outside does about an open callback, and when."""

    at: datetime
    callback_id: str
    action: dict[str, Any]

    @property
    def ends_the_callback(self) -> bool:
        """Whether nothing can be done about the callback afterwards."""
        return bool(self.action["Operation"] != "heartbeat")


class Outside(SkippingClock):
    """Time that skips, but not past the moments at which somebody outside answers a callback.

    Each answer comes so many seconds after its callback was seen open.
    """

    def __init__(self, actions: list[dict[str, Any]]) -> None:
        super().__init__()
        self._actions = list(actions)
        self._planned: list[Answer] = []
        self.runtime: LocalRuntime
        self.arn = ""

    def wait_until(self, moment: datetime, woken: threading.Event) -> None:
        """Jump to the moment, or answer a callback that is answered before it."""
        self._plan()
        if self._planned and self._planned[0].at <= moment:
            self.answer()
        else:
            super().wait_until(moment, woken)

    def answer(self) -> bool:
        """Give the next answer, if there is one to give."""
        self._plan()
        if not self._planned:
            return False
        answer = self._planned.pop(0)
        super().wait_until(answer.at, threading.Event())
        self._give(answer)
        return True

    def _plan(self) -> None:
        for action in tuple(self._actions):
            if callback_id := self._open_callback(action["CallbackName"]):
                self._actions.remove(action)
                at = self.now() + timedelta(seconds=action.get("Delay", 0))
                self._planned.append(Answer(at, callback_id, action))
        self._planned.sort(key=lambda answer: answer.at)

    def _open_callback(self, name: str) -> str | None:
        ending = {answer.callback_id for answer in self._planned if answer.ends_the_callback}
        for operation in self.runtime.executions.operations(self.arn):
            details = operation.callback_details
            if not details or operation.status is not OperationStatus.STARTED or details.callback_id in ending:
                continue
            if name in ("*", operation.name):
                return details.callback_id
        return None

    def _give(self, answer: Answer) -> None:
        payload = answer.action.get("Payload")
        match answer.action["Operation"]:
            case "success":
                self.runtime.callbacks.succeed(answer.callback_id, None if payload is None else json.dumps(payload))
            case "failure":
                self.runtime.callbacks.fail(answer.callback_id, decode(ErrorObject, payload or {}))
            case _:
                self.runtime.callbacks.heartbeat(answer.callback_id)
