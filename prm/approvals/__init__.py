"""Who has to agree before something is so: steps in stages, decisions, and who stands in for whom."""
