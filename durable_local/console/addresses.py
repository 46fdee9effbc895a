"""The addresses of the console's pages; none of them holds a secret but the one that lets people in."""

from urllib.parse import quote, urlencode

CONSOLE = "/console/"
ENTER = f"{CONSOLE}enter"
ACTIONS = f"{CONSOLE}actions/"


def executions(**asked: str) -> str:
    """The list of executions, as it is asked for."""
    chosen = {name: value for name, value in asked.items() if value}
    return f"{CONSOLE}?{urlencode(chosen)}" if chosen else CONSOLE


def execution(name: str) -> str:
    """One execution."""
    return f"{CONSOLE}executions/{quote(name, safe='')}"


def operation(name: str, operation_id: str) -> str:
    """One operation of an execution."""
    return f"{execution(name)}/operations/{quote(operation_id, safe='')}"


def events(name: str, after: int = 0) -> str:
    """The history of an execution, from the event after a number on."""
    return f"{execution(name)}/events" + (f"?after={after}" if after else "")


def live(name: str = "") -> str:
    """The messages that an execution has changed, or the list of all."""
    return f"{execution(name) if name else CONSOLE.rstrip('/')}/live"


def starting() -> str:
    """The form that starts an execution."""
    return f"{CONSOLE}start"


def start() -> str:
    """The action that starts an execution."""
    return f"{ACTIONS}start"


def stop(name: str) -> str:
    """The action that ends an execution."""
    return f"{_acting(name)}/stop"


def answer(name: str, operation_id: str, how: str) -> str:
    """The action that answers a callback: `succeed`, `fail` or `heartbeat`."""
    return f"{_acting(name)}/operations/{quote(operation_id, safe='')}/{how}"


def asset(name: str) -> str:
    """A style sheet or a script."""
    return f"{CONSOLE}assets/{name}"


def is_open(path: str) -> bool:
    """Whether it is for everybody: the way in, the way to it, and how pages look."""
    return path in {"/", ENTER} or path.startswith(asset(""))


def is_action(path: str) -> bool:
    """Whether it changes something."""
    return path.startswith(ACTIONS)


def is_of_console(path: str) -> bool:
    """Whether somebody with a browser asks."""
    return path.startswith(CONSOLE) or path == CONSOLE.rstrip("/")


def _acting(name: str) -> str:
    return f"{ACTIONS}executions/{quote(name, safe='')}"
