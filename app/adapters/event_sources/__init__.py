"""Business events out of HTTP requests, EventBridge and SQS."""
