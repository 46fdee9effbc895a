"""The command `durable`."""


def main() -> None:
    """Run the command line."""
    from durable_local.cli.app import app

    app()
