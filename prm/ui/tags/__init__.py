"""The parts of the `portal` template library, one module per kind of tag."""
