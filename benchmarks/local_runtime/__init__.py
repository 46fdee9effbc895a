"""The local runtime beside AWS's testing package, both on SQLite, in one run."""
