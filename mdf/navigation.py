"""What this app adds to the shell."""
