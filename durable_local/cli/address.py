"""Where the server that runs a database's executions is reached: a line in a file beside it, while the server runs."""

from pathlib import Path


def announce(database: Path, url: str) -> None:
    """Tell other processes of this machine."""
    _file(database).write_text(f"{url}\n", encoding="utf-8")


def withdraw(database: Path, url: str) -> None:
    """Tell them no more, unless another server has begun since."""
    if address(database) == url:
        _file(database).unlink(missing_ok=True)


def address(database: Path) -> str | None:
    """What was told last; the server may have been killed since."""
    try:
        return _file(database).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


def _file(database: Path) -> Path:
    return database.with_name(f"{database.name}-server")
