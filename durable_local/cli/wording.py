"""Durations, times, marks and counts in words."""

from datetime import datetime

from durable.model import ErrorObject, OperationStatus
from durable_local.cli.progress import Line

MARKS = {
    OperationStatus.STARTED: "…",
    OperationStatus.PENDING: "↻",
    OperationStatus.READY: "↻",
    OperationStatus.SUCCEEDED: "✓",
    OperationStatus.FAILED: "✗",
    OperationStatus.CANCELLED: "⊘",
    OperationStatus.TIMED_OUT: "✗",
    OperationStatus.STOPPED: "⊘",
}
COLOURS = {"✓": "green", "✗": "red", "⊘": "yellow", "↻": "yellow", "…": "cyan"}

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_LONGEST_ERROR = 200


def duration(began: datetime | None, ended: datetime | None) -> str:
    """How long something took."""
    if began is None or ended is None:
        return ""
    seconds = max(0.0, (ended - began).total_seconds())
    if seconds < _MINUTE:
        return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
    whole = int(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def clock_time(moment: datetime, now: datetime) -> str:
    """A moment as a wall clock shows it, with the date unless it is today's."""
    local = moment.astimezone()
    return local.strftime("%H:%M:%S" if local.date() == now.astimezone().date() else "%Y-%m-%d %H:%M:%S")


def doings(line: Line, now: datetime) -> str:
    """What has been done on a line, and what it waits for."""
    parts = [f"{name} {count}" for name, count in (("steps", line.steps), ("items", line.items)) if count]
    parts += [f"{name} {total}" for name, total in line.sums.items()]
    if line.delays:
        first = min(line.delays.values(), key=lambda delay: delay.until)
        what = f"retries {first.name} at" if first.is_retry else f"waits for {first.name} until"
        more = f" (and {len(line.delays) - 1} more)" if len(line.delays) > 1 else ""
        parts.append(f"{what} {clock_time(first.until, now)}{more}")
    return " · ".join(parts)


def error_line(error: ErrorObject | None) -> str:
    """An error in one line."""
    if error is None:
        return ""
    name = (error.type or "Error").rpartition(".")[2]
    message = " ".join((error.message or "").split())
    text = f"{name}: {message}" if message else name
    return text if len(text) <= _LONGEST_ERROR else f"{text[:_LONGEST_ERROR]}…"
