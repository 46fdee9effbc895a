"""Approvals in DynamoDB and in SQLite, answered through the Lambda API."""
