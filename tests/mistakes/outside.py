"""What the programs have done outside, in the order in which they did it."""

done: list[str] = []


def do(what: str) -> str:
    """Do something that everybody can see."""
    done.append(what)
    return what
