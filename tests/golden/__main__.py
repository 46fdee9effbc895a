"""Record the golden histories anew: `make golden`."""

from tests.golden.files import write
from tests.golden.recorders import RECORDERS


def main() -> None:
    """Write a file for each workflow and suspension point."""
    for workflow, record in RECORDERS.items():
        for point, events in record():
            write(workflow, point, events)


if __name__ == "__main__":
    main()
