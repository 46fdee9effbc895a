"""Approvals in SQLite."""

from pathlib import Path

from app.adapters.approvals.kept import KeptApprovals
from app.adapters.approvals.lambda_callbacks import LambdaCallbacks
from app.adapters.technologies.embedded import EmbeddedStore
from app.domain.fulfilment import Approval
from app.domain.refusals import AlreadyDecidedError, ApprovalNotFoundError
from app.ports.approvals import ApprovalsError, ApprovalsUnavailableError

APPROVALS = """
CREATE TABLE IF NOT EXISTS approvals (
    approval_id TEXT NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    total TEXT NOT NULL,
    deadline TEXT NOT NULL,
    callback_id TEXT,
    decision TEXT
) STRICT
"""
KEEP = "INSERT INTO approvals VALUES (?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (approval_id) DO NOTHING"
FIND = "SELECT approval_id, order_id, customer_id, total, deadline FROM approvals WHERE approval_id = ?"
CLAIM = """
UPDATE approvals SET decision = ?
WHERE approval_id = ? AND callback_id IS NOT NULL AND (decision IS NULL OR decision = ?)
RETURNING callback_id
"""
FORGET = "UPDATE approvals SET callback_id = NULL WHERE approval_id = ?"


class SqliteApprovals(KeptApprovals):
    """Keeps each approval in a row."""

    def __init__(self, path: Path, callbacks: LambdaCallbacks) -> None:
        super().__init__(callbacks)
        self._store = EmbeddedStore(path, "approvals", [APPROVALS], ApprovalsError, ApprovalsUnavailableError)

    def keep(self, approval: Approval, callback_id: str) -> Approval:
        members = (approval.approval_id, approval.order_id, approval.customer_id, approval.total, approval.deadline)
        with self._store.transaction() as database:
            database.execute(KEEP, (*members, callback_id))
        return self.find(approval.approval_id)

    def find(self, approval_id: str) -> Approval:
        with self._store.transaction() as database:
            row = database.execute(FIND, (approval_id,)).fetchone()
        if row is None:
            raise ApprovalNotFoundError(f"There is no approval {approval_id[:40]!r}")
        return Approval(*row)

    def _claim(self, approval_id: str, decision: str) -> str:
        with self._store.transaction() as database:
            row = database.execute(CLAIM, (decision, approval_id, decision)).fetchone()
        if row is None:
            approval = self.find(approval_id)
            raise AlreadyDecidedError(f"Approval {approval.approval_id} was decided on before; look at its order")
        return str(row[0])

    def _forget(self, approval_id: str) -> None:
        with self._store.transaction() as database:
            database.execute(FORGET, (approval_id,))
