"""Marketing funds: with whose marketing money."""
