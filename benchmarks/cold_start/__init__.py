"""How long the built artifact's functions take to start, function by function."""
