"""Decisions out of HTTP requests, and from whoever may invoke the function."""
