"""The vendor's lists of reasons for decisions: what the product came with, renamed, switched off, and its own."""
