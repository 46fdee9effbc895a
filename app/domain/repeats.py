"""Rows whose id an earlier row has: the first one stays, at any number of rows."""

from array import array
from collections.abc import Mapping, Sequence

from app.domain.errors import RowRejectedError

FEWEST_SLOTS = 1_024


class FirstRows:
    """The first row of every id of a data type.

    A hash table in flat arrays: the ids' own bytes and 24 to 32 more for each, less than half of what a dictionary
    takes. It is exact, because the ids themselves are compared and not only their hashes.
    """

    def __init__(self) -> None:
        self._ids = bytearray()
        self._ends = array("Q", [0])
        self._rows = array("Q")
        self._slots = array("I", bytes(4 * FEWEST_SLOTS))

    def repeats(self, ids: Sequence[str], first_row: int) -> dict[int, int]:
        """The rows among the next ones whose id is taken, by number, and the number of the row that has it."""
        if 2 * (len(self._rows) + len(ids)) > len(self._slots):
            self._grow(4 * (len(self._rows) + len(ids)))
        taken = {}
        for row_number, row_id in enumerate(ids, start=first_row):
            if row_id and (first := self._first(row_id.encode(errors="surrogatepass"), row_number)) != row_number:
                taken[row_number] = first
        return taken

    def _first(self, row_id: bytes, row_number: int) -> int:
        slots, ends = self._slots, self._ends
        last = len(slots) - 1
        slot = hash(row_id) & last
        while entry := slots[slot]:
            if self._ids[ends[entry - 1] : ends[entry]] == row_id:
                return self._rows[entry - 1]
            slot = (slot + 1) & last
        self._ids += row_id
        ends.append(len(self._ids))
        self._rows.append(row_number)
        slots[slot] = len(self._rows)
        return row_number

    def _grow(self, least: int) -> None:
        """Give every id a slot among at least so many."""
        self._slots = slots = array("I", bytes(4 << (least - 1).bit_length()))
        last = len(slots) - 1
        for entry in range(1, len(self._ends)):
            slot = hash(bytes(self._ids[self._ends[entry - 1] : self._ends[entry]])) & last
            while slots[slot]:
                slot = (slot + 1) & last
            slots[slot] = entry


def refuse_repetition(row_number: int, repeats: Mapping[int, int]) -> None:
    """Reject a row whose id an earlier row has, whatever has become of that one."""
    if first := repeats.get(row_number):
        raise RowRejectedError("id", f"is the id of row {first} already; the first row with an id is kept")
