"""Executions begun through the Lambda API."""
