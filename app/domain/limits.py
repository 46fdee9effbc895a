"""Quotas: what an execution may use, and what of it one branch may."""

from dataclasses import dataclass

from app.domain.errors import PlanTooLargeError

MOST_OPERATIONS = 3_000
"""An execution's quota of operations; AWS does not raise it."""
MOST_WRITTEN_BYTES = 100_000_000
"""What an execution may write into its checkpoints; AWS does not raise it."""
CHECKPOINT_BYTES = 262_144
"""What one checkpoint may hold, the recorded plan included."""

EXECUTION_OPERATIONS = 2
"""Once an execution: itself and `execute-contexts-in-parallel`."""
BRANCH_OPERATIONS = 3
"""Once a branch: itself, `fetch-data` and `process-items`, or `process-shards` in its place."""
BATCH_OPERATIONS = 3
"""Once a batch: its iteration, `transform-data` and `store-transformed-item`."""

BATCH_BYTES = 4_000
"""What a batch writes at most beside what it hands on inline: its receipts, once for each operation and the map."""
INLINE_GROWTH = 12
"""A batch hands on two texts, and a byte of text may become six of JSON."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one branch may use of its execution's quotas."""

    operations: int
    written_bytes: int

    @property
    def most_batches(self) -> int:
        """How many batches it pays for."""
        paid = (self.operations - BRANCH_OPERATIONS) // BATCH_OPERATIONS
        most = min(paid, (self.written_bytes - CHECKPOINT_BYTES) // BATCH_BYTES)
        if most < 1:
            raise PlanTooLargeError(
                f"A branch's share of {self.operations} operations pays for no batch; raise the operations an "
                "execution may use, lower the reserve for retries or know fewer data types"
            )
        return most

    @property
    def most_shards(self) -> int:
        """How many shards it pays for; each is one operation, and writes less than a batch."""
        return min(self.operations - BRANCH_OPERATIONS, (self.written_bytes - CHECKPOINT_BYTES) // BATCH_BYTES)

    def inline_bytes(self, batches: int) -> int:
        """How much each step of so many batches may hand on inline, whatever becomes of it as JSON."""
        a_batch = min((self.written_bytes - CHECKPOINT_BYTES) // max(1, batches), CHECKPOINT_BYTES)
        return max(0, a_batch - BATCH_BYTES) // INLINE_GROWTH


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a branch may use, as settings have it while `fetch-data` runs."""

    operations: int = MOST_OPERATIONS
    reserve_percent: int = 20
    page_rows: int = 5_000
    page_bytes: int = 1_048_576
    batch_pages: int = 4
    inline_bytes: int = 4_096
    concurrency: int = 8

    def share(self, data_types: int) -> Share:
        """The share of one branch, when every known data type could have one in the same execution."""
        percent = 100 - self.reserve_percent
        spendable = self.operations * percent // 100 - EXECUTION_OPERATIONS
        return Share(spendable // data_types, MOST_WRITTEN_BYTES * percent // 100 // data_types)
