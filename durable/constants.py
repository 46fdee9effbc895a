"""Limits of the service."""

CHECKPOINT_SIZE_LIMIT_BYTES = 256 * 1024
"""What one recorded result may take (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""

INVOKE_SIZE_LIMIT_BYTES = 1024 * 1024
"""What an invoked function may be handed."""

NAME_LIMIT = 256
"""Characters of an operation's name, all printable ASCII."""

LONGEST_WAIT_SECONDS = 366 * 24 * 3_600
"""How long a wait may last."""
