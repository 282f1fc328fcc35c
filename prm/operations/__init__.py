"""Running an installation: servers, processes, health, backup. Knows nothing of what the portal does."""
