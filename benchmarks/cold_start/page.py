"""What was measured as a page of documentation."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.cold_start.measuring import ColdStart

MOST_RATIO = 1.15
"""What importing a handler may take, of importing the libraries alone."""
MOST_TOLD = 6
INTRODUCTION = """\
# Benchmarks of cold starts

What `make build` has packed, in processes of Python 3.13 with nothing else on their path. Each begins anew, as a
sandbox of Lambda does, and finds no bytecode: SAM packs none, and a function cannot write beside its code.
`make bench-cold` builds the artifact, measures everything in turn, and writes this page. Servers on loopback stand for
AWS, so these are the times of this machine and of no region: **nothing here was run on Lambda**, where a function of
512 MB has less than a third of a core.
"""
EXPLANATION = """\
All times are milliseconds, the least of all that were measured, which the machine's other work has disturbed least.
**Import** is that of the handler's module. Beside it stands its ratio to importing the libraries alone: boto3,
pydantic, dependency-injector and Powertools' Logger; {most} is allowed. Then it comes with bytecode beside the code.
**First** is the first invocation of an execution, after that import and up to its answer: the adapters, clients and
boto3 that it needs are imported there. **Resumed** is an invocation in a new sandbox with all that the first one has
recorded and nothing new to do; only durable functions have one.

What dominates:

- **Compiling.** Without bytecode an import takes {compiling:.1f} times as long as with it.
- **Libraries.** The application and the core together are {own:.0%} of a durable handler's import at most; the rest is
  pydantic, Powertools, the container and the standard library.
- **boto3, at the first invocation.** A durable function cannot do without it, for each checkpoint is a call. It is
  imported with the first client, so that importing a handler does without, and so do functions that call nobody.

A handler imports no adapter and no workflow; those that its settings choose are imported when they are first made
(`app/container.py`), and `tests/app/entrypoints/test_imports.py` holds it to that.
"""
HEADER = ("function", "import", "of the libraries", "with bytecode", "first", "resumed", "the import spends most on")


def page(measured: Sequence[ColdStart], sizes: Mapping[str, int], facts: Mapping[str, str]) -> str:
    """The page of these measurements; the first is of the libraries alone. Sizes are bytes, by package."""
    libraries, *functions = measured
    compiling = sum(each.imported for each in functions) / sum(each.compiled for each in functions)
    own = max(each.parts.get("app", 0) + each.parts.get("durable", 0) for each in functions if each.resumed)
    text = EXPLANATION.format(most=MOST_RATIO, compiling=compiling, own=own)
    told = [f"- {name}: {value}" for name, value in facts.items()]
    return "\n".join([INTRODUCTION, *told, "", *_rows(libraries, functions), "", text, *_sizes(sizes), ""])


def ratio(function: ColdStart, libraries: ColdStart) -> float:
    """How long an import takes, of that of the libraries alone."""
    return function.imported / libraries.imported


def sizes(artifact: Path) -> dict[str, int]:
    """Bytes of an artifact by what lies at its top, the largest first."""
    taken = {entry.name: sum(_files(entry)) for entry in artifact.iterdir()}
    return dict(sorted(taken.items(), key=lambda each: each[1], reverse=True))


def _files(entry: Path) -> Iterator[int]:
    return (file.stat().st_size for file in ([entry] if entry.is_file() else entry.rglob("*")) if file.is_file())


def _rows(libraries: ColdStart, functions: Sequence[ColdStart]) -> Iterator[str]:
    yield f"| {' | '.join(HEADER)} |"
    yield f"|--|{'--:|' * (len(HEADER) - 2)}--|"
    for each in (libraries, *functions):
        name = f"`{each.name}`" if each.name else "*the libraries alone*"
        parts = ", ".join(f"{package} {share:.0%}" for package, share in each.parts.items())
        of_libraries = f"{ratio(each, libraries):.2f}"
        times = (_ms(each.imported), of_libraries, _ms(each.compiled), _ms(each.first), _ms(each.resumed))
        yield f"| {' | '.join((name, *times, parts))} |"


def _ms(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1000:,.0f}"


def _sizes(sizes: Mapping[str, int]) -> Iterator[str]:
    whole = sum(sizes.values())
    largest = ", ".join(f"{name} {_mb(taken)}" for name, taken in [*sizes.items()][:MOST_TOLD])
    own = ", ".join(f"{name} {_mb(sizes.get(name, 0))}" for name in ("app", "durable"))
    yield f"All functions share one artifact of {_mb(whole)}, unpacked; Lambda takes 250 MB. The largest in it:"
    yield f"{largest}; {own}."


def _mb(taken: int) -> str:
    return f"{taken / 1e6:.1f} MB"
