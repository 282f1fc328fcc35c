"""Quotes: at which price."""
