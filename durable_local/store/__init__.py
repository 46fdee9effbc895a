"""The state of the local runtime in one SQLite file; all SQL is in this package."""
