"""The words of this app."""
