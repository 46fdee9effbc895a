"""The application, as a hexagon: domain inside, ports around it, adapters and entrypoints outside."""
