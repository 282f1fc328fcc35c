"""Drafts of partners that were thrown away: kept for a while, out of everybody's sight, and put back as they were."""
