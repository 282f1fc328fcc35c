"""Partners: who sells."""
