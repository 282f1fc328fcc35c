"""Past records under other rules: what would have become of them, before anybody is bound by it."""
