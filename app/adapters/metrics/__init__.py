"""Metrics, one module per technology."""
