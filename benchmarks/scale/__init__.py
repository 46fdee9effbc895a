"""The pipeline with a million rows in one execution, beside what parsing and the disk alone would take."""
