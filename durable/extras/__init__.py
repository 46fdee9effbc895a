"""Additions over the public API alone: each module can be left out, and serves AWS's SDK as well."""
