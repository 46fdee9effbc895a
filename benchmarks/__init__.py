"""What the durable core costs beside AWS's SDK, measured in one run."""
