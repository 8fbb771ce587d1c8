"""Running processes: each wait state of an instance is a row, each step one transaction."""
