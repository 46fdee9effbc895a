"""The inside: records, rules and plans, as frozen data and pure functions."""
