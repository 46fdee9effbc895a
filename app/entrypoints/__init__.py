"""What drives the hexagon: one Lambda handler per module."""
