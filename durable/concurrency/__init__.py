"""Batches of branches that run at the same time."""
