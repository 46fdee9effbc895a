"""The console: executions in a browser, as pages that this machine's own server renders."""
