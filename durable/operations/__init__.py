"""One function for each kind of operation: what is recorded decides whether it returns, raises, waits or runs."""
