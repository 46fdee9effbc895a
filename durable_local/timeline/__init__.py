"""An execution in time, as terminals, files and pages draw it; pure."""
