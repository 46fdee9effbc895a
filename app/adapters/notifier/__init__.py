"""Notices by SNS, and as documents."""
