"""Datasets as SQLite files."""
