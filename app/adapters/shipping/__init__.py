"""Parcels by an HTTP API, the API itself, and ledgers whose parcels nobody carries."""
