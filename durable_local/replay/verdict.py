"""Whether today's code would go on with an execution as it began."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from durable_local.hosts.loading import Handler
from durable_local.replay.divergence import Divergence, divergences
from durable_local.replay.document import Json
from durable_local.replay.frontier import frontier
from durable_local.replay.record import Record, record_of
from durable_local.replay.rehearsal import rehearse


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a replay."""

    events: int
    """How many events, from the first on, were replayed."""
    met: int
    """How many recorded operations the code asked for; those inside closed ones it need not."""
    frontier: tuple[str, ...]
    """What the code would do next, or wait for."""
    divergence: Divergence | None

    @property
    def is_compatible(self) -> bool:
        """Whether nothing differs from the record."""
        return self.divergence is None


def judge(handler: Handler, events: Sequence[Json], rebuilt: Collection[str] | None = None) -> Verdict:
    """Replay a handler over a history.

    `rebuilt` are the closed contexts whose results were too large to record, where they are known. Raises HistoryError
    for a history that cannot be replayed, NotDurableError for a handler that is no durable function of this core.
    """
    record = record_of(events, rebuilt)
    verdict = _judged(handler, events, record)
    if verdict.is_compatible or not record.unclear:
        return verdict
    other = _judged(handler, events, record_of(events, record.rebuilt | record.unclear))
    return max(verdict, other, key=lambda each: (each.is_compatible, each.met))


def judge_every_cut(
    handler: Handler, events: Sequence[Json], rebuilt: Collection[str] | None = None
) -> Iterator[Verdict]:
    """The same for a history as it was after its first event, its second, and so on to its last."""
    for count in range(1, len(events) + 1):
        yield judge(handler, events[:count], rebuilt)


def _judged(handler: Handler, events: Sequence[Json], record: Record) -> Verdict:
    rehearsal = rehearse(handler, record)
    divergence = next(divergences(record, rehearsal), None)
    met = sum(each.operation_id in rehearsal.reached for each in record.operations[1:])
    return Verdict(len(events), met, tuple(frontier(record, rehearsal)), divergence)
