"""Callbacks answered through the Lambda API, of AWS or of the local runtime."""

import json
from collections.abc import Callable
from urllib.parse import quote

from app.adapters.technologies.aws import Client, port_errors
from app.domain.fulfilment import Decision
from app.domain.refusals import ApprovalClosedError
from app.ports.approvals import ApprovalsError, ApprovalsUnavailableError

CLOSED = {"CallbackTimeoutException": ApprovalClosedError, "ResourceNotFoundException": ApprovalClosedError}


class LambdaCallbacks:
    """Answers callbacks; the client is asked for when the first one is answered.

    The errors of boto3 quote addresses, and a callback's address holds its id. So what goes on is a new error.
    """

    def __init__(self, client: Callable[[], Client]) -> None:
        self._client = client

    def succeed(self, callback_id: str, decision: Decision, approval_id: str) -> None:
        """Answer a callback with a decision; errors name the approval."""
        result = json.dumps(decision).encode()
        trouble: Exception | None = None
        try:
            with port_errors(f"approval {approval_id}", ApprovalsError, ApprovalsUnavailableError, CLOSED):
                self._client().send_durable_execution_callback_success(CallbackId=callback_id, Result=result)
        except (ApprovalClosedError, ApprovalsError) as error:
            trouble = type(error)(_without(callback_id, str(error)))
        if trouble:  # raised here, where it has neither cause nor context that would be logged with it
            raise trouble


def _without(callback_id: str, text: str) -> str:
    for spelled in (callback_id, quote(callback_id, safe=""), quote(callback_id)):
        text = text.replace(spelled, "(its callback)")
    return text
