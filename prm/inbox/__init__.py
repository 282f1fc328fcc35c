"""Where people decide: lists with a clock, one row beside them, and the forms that ask what was decided."""
