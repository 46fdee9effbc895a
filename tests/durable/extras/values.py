"""Values that the default serdes keeps."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.binary(),
    st.uuids(),
    st.decimals(allow_nan=False),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
)

VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner), max_leaves=8
)

EVERY_KIND = {
    "decimal": Decimal("1.10"),
    "moment": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
    "day": date(2026, 1, 2),
    "id": UUID(int=7),
    "pair": (1, b"\x00\xff"),
    "look-alike": {"claim_check": {"key": "k", "size": 1, "sha256": "s"}, "t": "i", "v": "\x00😀"},
    "number": 10**400,
}
"""One of each, as in the failure catalogue's row 56."""
