"""Times, colours and counts on a terminal."""

from datetime import datetime

from durable_local.cli.progress import Line

COLOURS = {"✓": "green", "✗": "red", "⊘": "yellow", "↻": "yellow", "…": "cyan", "?": "yellow"}


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
