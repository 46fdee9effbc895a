"""Carts in DynamoDB and in SQLite."""
