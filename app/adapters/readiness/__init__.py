"""Readiness as a sample, and as a document that somebody puts."""
