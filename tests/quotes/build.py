"""Makes things of this app for tests, through the services; say only what matters to the test."""
