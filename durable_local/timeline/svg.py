"""A timeline as SVG: a file of its own, light or dark as the reader has it."""

from pathlib import Path
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element, tostring

from durable.model import Operation
from durable_local.executions import Execution
from durable_local.timeline.axis import Axis
from durable_local.timeline.bars import HEIGHT, LEGEND, add_bar, add_sample, add_textures, exact
from durable_local.timeline.element import add
from durable_local.timeline.rows import Row, Timeline
from durable_local.timeline.spans import Doing
from durable_local.wording import duration, error_line, mark

STYLES = Path(__file__).with_name("timeline.css")

_WIDTH, _MARGIN, _LABELS, _CHART, _ROW = 1200, 20, 300, 740, 24
_INDENT, _LETTERS_WIDTH = 14, 6.6
_DEEPEST = 12
"""How many levels are indented; deeper ones stand below each other."""
_HEAD, _AXIS, _LEGEND = 64, 28, 40
_SAMPLE, _SAMPLE_GAP = 28, 8


def standalone(execution: Execution, timeline: Timeline) -> str:
    """A whole SVG file, headed by what the execution is and how it stands."""
    drawing = _Drawing(timeline)
    drawing.head(execution)
    return f"{drawing.written()}\n"


class _Drawing:
    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._axis = Axis(timeline.began, timeline.ended, _MARGIN + _LABELS, _CHART)
        self._rows = len(timeline.rows) + bool(timeline.invocations)
        height = _HEAD + _AXIS + self._rows * _ROW + _LEGEND
        size = {"viewBox": f"0 0 {_WIDTH} {height}", "width": str(_WIDTH), "height": str(height)}
        named = {"class": "timeline", "role": "group", "aria-label": "Timeline"}
        self._svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, **named})

    def head(self, execution: Execution) -> None:
        took = duration(self._timeline.began, self._timeline.ended)
        count = execution.invocations
        invocations = f"{count} invocation{'' if count == 1 else 's'}"
        add(self._svg, "text", execution.name, x=_MARGIN, y=30, class_="name")
        words = f"{execution.status} · {took} · {invocations} · {execution.function} · {exact(execution.started)}"
        add(self._svg, "text", words, x=_MARGIN, y=50, class_="quiet")

    def written(self) -> str:
        content, self._svg[:] = list(self._svg), []
        add(self._svg, "style", STYLES.read_text(encoding="utf-8"))
        add_textures(self._svg)
        clip = add(add(self._svg, "defs"), "clipPath", id="labels")
        add(clip, "rect", width=_MARGIN + _LABELS - 12, height="100%")
        add(self._svg, "rect", width="100%", height="100%", class_="paper")
        self._svg.extend(content)
        self._body()
        return tostring(self._svg, encoding="unicode")

    def _body(self) -> None:
        first = _HEAD + _AXIS
        self._marks(first)
        if self._timeline.invocations:
            self._invocations(first)
            first += _ROW
        for number, row in enumerate(self._timeline.rows):
            self._row(row, first + number * _ROW, striped=number % 2 == 0)
        self._legend(_HEAD + _AXIS + self._rows * _ROW + 22)

    def _marks(self, first: int) -> None:
        bottom = first + self._rows * _ROW
        for position, words in self._axis.marks():
            add(self._svg, "path", d=f"M{position:g} {first - 6}V{bottom}", class_="mark")
            add(self._svg, "text", words, x=position, y=first - 11, class_="quiet", text_anchor="middle")

    def _invocations(self, top: int) -> None:
        group = add(self._svg, "g", class_="row")
        add(group, "text", "invocations", x=_MARGIN, y=top + 16, class_="quiet")
        for span in self._timeline.invocations:
            add_bar(group, self._axis, span, top + 6)

    def _row(self, row: Row, top: int, *, striped: bool) -> None:
        group = add(self._svg, "g", class_="row")
        add(group, "title", _title(row))
        stripe = "stripe" if striped else "stripe clear"
        add(group, "rect", x=8, y=top, width=_WIDTH - 16, height=_ROW, rx=4, class_=stripe)
        self._label(group, row, top + 16)
        for span in sorted(row.spans, key=lambda span: span.failed):  # a failure stays visible, however short
            add_bar(group, self._axis, span, top + (_ROW - HEIGHT) // 2)
        add(group, "text", row.took, x=_WIDTH - _MARGIN, y=top + 16, class_="quiet", text_anchor="end")

    def _label(self, group: Element, row: Row, line: int) -> None:
        left = _MARGIN + min(row.depth, _DEEPEST) * _INDENT
        inside = add(group, "g", clip_path="url(#labels)")
        if row.operation:
            sign = mark(row.operation.status)
            add(inside, "text", sign, x=left, y=line, class_=f"status {row.operation.status.lower()}")
        room = int((_MARGIN + _LABELS - 30 - left) / _LETTERS_WIDTH)
        text = add(
            inside, "text", _cut(row.label, room), x=left + 16, y=line, class_="label" if row.operation else "quiet"
        )
        if row.operation and (attempts := _attempts(row.operation)):
            add(text, "tspan", f"  {attempts} attempts", class_="quiet")

    def _legend(self, line: int) -> None:
        left: float = _MARGIN + _LABELS
        used = {*self._timeline.doings, *(span.doing for span in self._timeline.invocations)}
        for doing in (each for each in Doing if each in used):
            add_sample(self._svg, doing, (left, line - 10), _SAMPLE)
            add(self._svg, "text", LEGEND[doing], x=left + _SAMPLE + _SAMPLE_GAP, y=line, class_="quiet")
            left += _SAMPLE + _SAMPLE_GAP + len(LEGEND[doing]) * _LETTERS_WIDTH + 2 * _SAMPLE_GAP


def _title(row: Row) -> str:
    operation = row.operation
    if operation is None:
        return row.label
    kind = operation.sub_type or operation.operation_type
    lines = [f"{row.label} · {kind} · {operation.status.lower().replace('_', ' ')} · {row.took}"]
    if operation.start_timestamp:
        lines.append(f"began {exact(operation.start_timestamp)}")
    if attempts := _attempts(operation):
        lines.append(f"{attempts} attempts")
    return "\n".join([*lines, *filter(None, [error_line(operation.error)])])


def _attempts(operation: Operation) -> int:
    """How many, if it was more than one."""
    count = operation.step_details.attempt if operation.step_details else 0
    return count if count > 1 else 0


def _cut(text: str, room: int) -> str:
    width = 0
    for number, letter in enumerate(text):
        width += 2 if east_asian_width(letter) in "WF" else 1
        if width > room:
            return f"{text[: number - 1]}…"
    return text
