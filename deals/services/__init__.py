"""The use cases, one function each: lock, decide, save, record."""
