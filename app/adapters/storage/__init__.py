"""Storage in S3, in a folder and in memory."""
