"""Bars of an SVG: what each doing looks like, told apart by its texture and not by colour alone."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from durable_local.timeline.axis import Axis
from durable_local.timeline.element import add
from durable_local.timeline.spans import Doing, Span
from durable_local.wording import duration

HEIGHT = 12
LEGEND = {
    Doing.RUNS: "runs",
    Doing.WAITS: "waits",
    Doing.RETRIES: "until it is tried again",
    Doing.HOLDS: "contains",
    Doing.REPLAYS: "replays what is recorded",
}
_NARROWEST = 2
_END = 3
"""How wide the mark is at the end of what failed, or goes on."""
_TEXTURES = {Doing.WAITS: "M0 6 6 0", Doing.RETRIES: "M3 3h.1", Doing.REPLAYS: "M3 0v6"}


def add_textures(parent: Element) -> None:
    """The textures that bars refer to."""
    textures = add(parent, "defs")
    for doing, path in _TEXTURES.items():
        pattern = add(textures, "pattern", id=doing, width=6, height=6, patternUnits="userSpaceOnUse")
        add(pattern, "rect", width=6, height=6, class_=f"ground {doing}")
        add(pattern, "path", d=path, class_=f"figure {doing}")


def add_bar(parent: Element, axis: Axis, span: Span, top: int) -> None:
    """A span's bar with its exact times; the shortest one can be seen."""
    ended = span.ended or axis.ended
    left = axis.position(span.began)
    width = round(max(axis.position(ended) - left, _NARROWEST), 1)
    bar = add(parent, "g")
    took, until = duration(span.began, ended), exact(span.ended) if span.ended else "now"
    so = ", failed" if span.failed else "" if span.ended else " so far"
    add(bar, "title", f"{span.doing} {took}{so}\n{exact(span.began)} to {until}")
    add_sample(bar, span.doing, (left, top), width, failed=span.failed)
    if span.doing is not Doing.HOLDS and (span.failed or not span.ended):
        end = max(left, left + width - _END)
        class_ = "end" if span.failed else "end open"
        add(bar, "rect", x=round(end, 1), y=top - 3, width=_END, height=HEIGHT + 6, rx=1, class_=class_)


def add_sample(parent: Element, doing: Doing, corner: tuple[float, int], width: float, *, failed: bool = False) -> None:
    """What a doing looks like."""
    left, top = corner
    if doing is Doing.HOLDS:
        path = f"M{left:g} {top + 2}v8m0-4h{width:g}m0-4v8"
        add(parent, "path", d=path, class_="holds failed" if failed else "holds")
        return
    textured = {"fill": f"url(#{doing})"} if doing in _TEXTURES else {}
    class_ = f"bar {doing} failed" if failed else f"bar {doing}"
    add(parent, "rect", x=left, y=top, width=width, height=HEIGHT, rx=2, class_=class_, **textured)


def exact(moment: datetime) -> str:
    """A moment to the millisecond, in UTC."""
    return moment.astimezone(UTC).isoformat(" ", "milliseconds").replace("+00:00", " UTC")
