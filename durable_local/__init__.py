"""Runs durable functions on one machine, with all state in one SQLite file."""
