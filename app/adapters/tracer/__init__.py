"""Tracers, one module per technology."""
