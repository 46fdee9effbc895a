"""Payments by an HTTP API, the API itself, and ledgers where nobody's money moves."""
