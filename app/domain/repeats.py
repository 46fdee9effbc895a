"""Rows whose id an earlier row has: the first one stays, at any number of rows."""

from array import array
from collections.abc import Mapping, Sequence
from itertools import pairwise

from app.domain.errors import RowRejectedError

FEWEST_SLOTS = 1_024


class FirstRows:
    """The first row of every id of a data type, whose rows come in their order.

    A hash table in flat arrays: the ids' own bytes and 16 to 40 more for each row, a quarter of what a dictionary
    takes. It is exact, because the ids themselves are compared and not only their hashes.
    """

    def __init__(self) -> None:
        self._ids = bytearray()
        self._ends = array("Q", [0])
        """Where the id of each row ends in `_ids`; one that is missing or repeated takes no place there."""
        self._slots = array("I", bytes(4 * FEWEST_SLOTS))
        """The row whose id has that hash or one just before it, or 0."""

    def repeats(self, ids: Sequence[str]) -> dict[int, int]:
        """The rows among the next ones whose id is taken, by number from 1, and the number of the row that has it."""
        rows = len(self._ends) - 1 + len(ids)
        if len(self._slots) < 2 * rows:
            self._grow(4 * rows)
        taken = {}
        for row_number, row_id in enumerate(ids, start=len(self._ends)):
            first = self._place(row_id.encode(errors="surrogatepass"), row_number) if row_id else row_number
            if first != row_number:
                taken[row_number] = first
            self._ends.append(len(self._ids))
        return taken

    def _place(self, row_id: bytes, row_number: int) -> int:
        """The row that has this id: the given one if there is none yet."""
        slots, ids, ends = self._slots, self._ids, self._ends
        last = len(slots) - 1
        slot = hash(row_id) & last
        while row := slots[slot]:
            if ids[ends[row - 1] : ends[row]] == row_id:
                return row
            slot = (slot + 1) & last
        slots[slot] = row_number
        ids += row_id
        return row_number

    def _grow(self, least: int) -> None:
        """Give every id a slot among at least so many."""
        self._slots = slots = array("I", bytes(4 << (least - 1).bit_length()))
        last = len(slots) - 1
        for row, (start, end) in enumerate(pairwise(self._ends), start=1):
            if start < end:
                slot = hash(bytes(self._ids[start:end])) & last
                while slots[slot]:
                    slot = (slot + 1) & last
                slots[slot] = row


def refuse_repetition(row_number: int, repeats: Mapping[int, int]) -> None:
    """Reject a row whose id an earlier row has, whatever has become of that one."""
    if first := repeats.get(row_number):
        raise RowRejectedError("id", f"is the id of row {first} already; the first row with an id is kept")
