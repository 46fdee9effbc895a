"""The use cases: frozen dataclasses whose fields are ports."""
