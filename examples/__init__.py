"""Each durable operation alone."""
