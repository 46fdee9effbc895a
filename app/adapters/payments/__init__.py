"""Payments by an HTTP API, and in a ledger on this machine."""
