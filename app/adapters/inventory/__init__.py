"""Stock in DynamoDB and in SQLite."""
