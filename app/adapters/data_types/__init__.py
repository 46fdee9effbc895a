"""The data types: one a module, with its source, its shape of rows and its mapper; `rows` is what they share."""
