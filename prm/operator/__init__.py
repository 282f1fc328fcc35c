"""Pages for whoever runs the installation: outside of every vendor's portal."""
