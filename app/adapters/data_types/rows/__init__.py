"""How rows arrive (API, CSV, JSON Lines) and how they become records: shared by the data types."""
