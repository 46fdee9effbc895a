"""Reports by SES, and as documents."""
