"""What is promised on both sides, and how often it was kept: one page that partners read too."""
