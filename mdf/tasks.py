"""What the clock does. Each row is a use case of its own, so that running twice changes nothing twice."""
