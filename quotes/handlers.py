"""What this app does when something happened elsewhere, and who is told of what happens here."""
