"""What adapters of several ports have in common: the technologies they speak to."""
