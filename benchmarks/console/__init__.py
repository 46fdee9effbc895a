"""The console in a browser, with large executions and with many."""
