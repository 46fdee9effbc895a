"""The time of this machine."""
