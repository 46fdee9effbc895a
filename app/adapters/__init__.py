"""Who provides the ports: one package per port, one module per technology or data type."""
