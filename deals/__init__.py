"""Deals: what they sell."""
