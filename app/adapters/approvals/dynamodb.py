"""Approvals in a DynamoDB table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import datetime

from app.adapters.approvals.kept import KeptApprovals
from app.adapters.approvals.lambda_callbacks import LambdaCallbacks
from app.adapters.technologies.aws import Client, Members, port_errors, whole
from app.domain.fulfilment import Approval
from app.domain.refusals import AlreadyDecidedError, ApprovalNotFoundError
from app.ports.approvals import ApprovalsError, ApprovalsUnavailableError

REFUSED = "ConditionalCheckFailedException"
STILL_TO_BE_DECIDED = "attribute_exists(callback_id) AND (attribute_not_exists(decision) OR decision = :decision)"
KEPT_SECONDS = 24 * 60 * 60
"""How long an approval stays after its deadline; then DynamoDB deletes it, undecided callback ids and all."""


class DynamoApprovals(KeptApprovals):
    """Keeps each approval in an item, which expires at `expires_at`; conditions let one decision through."""

    def __init__(self, client: Client, table: str, callbacks: LambdaCallbacks) -> None:
        super().__init__(callbacks)
        self._client = client
        self._table = table

    def keep(self, approval: Approval, callback_id: str) -> Approval:
        try:
            with self._port_errors():
                self._client.put_item(
                    TableName=self._table,
                    Item=_item(approval, callback_id),
                    ConditionExpression="attribute_not_exists(approval_id)",
                )
        except _RefusedError:
            return self.find(approval.approval_id)
        return approval

    def find(self, approval_id: str) -> Approval:
        with self._port_errors():
            answer = whole(self._client.get_item(TableName=self._table, Key=_key(approval_id), ConsistentRead=True))
        if "Item" not in answer:
            raise ApprovalNotFoundError(f"There is no approval {approval_id[:40]!r}")
        return Approval(**{member.name: answer["Item"][member.name]["S"] for member in fields(Approval)})

    def _claim(self, approval_id: str, decision: str) -> str:
        try:
            with self._port_errors():
                answer = self._client.update_item(
                    TableName=self._table,
                    Key=_key(approval_id),
                    UpdateExpression="SET decision = :decision",
                    ConditionExpression=STILL_TO_BE_DECIDED,
                    ExpressionAttributeValues={":decision": {"S": decision}},
                    ReturnValues="ALL_NEW",
                )
                return str(whole(answer)["Attributes"]["callback_id"]["S"])
        except _RefusedError:
            approval = self.find(approval_id)
        raise AlreadyDecidedError(f"Approval {approval.approval_id} was decided on before; look at its order")

    def _forget(self, approval_id: str) -> None:
        with self._port_errors():
            self._client.update_item(
                TableName=self._table, Key=_key(approval_id), UpdateExpression="REMOVE callback_id"
            )

    @contextmanager
    def _port_errors(self) -> Iterator[None]:
        named = {REFUSED: _RefusedError}
        with port_errors(f"approvals in table {self._table}", ApprovalsError, ApprovalsUnavailableError, named):
            yield


class _RefusedError(Exception):
    """A condition is not met."""


def _key(approval_id: str) -> Members:
    return {"approval_id": {"S": approval_id}}


def _item(approval: Approval, callback_id: str) -> Members:
    texts = {**asdict(approval), "callback_id": callback_id}
    expires_at = int(datetime.fromisoformat(approval.deadline).timestamp()) + KEPT_SECONDS
    return {**{name: {"S": text} for name, text in texts.items()}, "expires_at": {"N": str(expires_at)}}
