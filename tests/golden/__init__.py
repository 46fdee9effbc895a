"""Histories of executions as they once stood, which the code of today must go on with."""
