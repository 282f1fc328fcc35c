"""Disputes: whoever was refused may appeal, and a second, neutral person decides for good."""
