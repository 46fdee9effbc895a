"""What an execution costs at AWS, by its history and a file of prices; pure."""
