"""The version of the durable core."""

__version__ = "0.1.0"
