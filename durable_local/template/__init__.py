"""The functions of a SAM template, as far as this machine can know them."""
