"""`python -m durable_local` is the command `durable`."""

from durable_local.cli import main

if __name__ == "__main__":
    main()
