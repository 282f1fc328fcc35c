"""The one command that installs something with this system's own package manager."""

import os
import shutil

COMMANDS = {"apt-get": "apt-get install", "dnf": "dnf install", "brew": "brew install"}
NAMES = {
    "postgres": {"apt-get": "postgresql", "dnf": "postgresql-server postgresql-contrib", "brew": "postgresql@17"},
    "valkey": {"apt-get": "redis-server", "dnf": "valkey", "brew": "valkey"},
    "chromium": {"apt-get": "chromium", "dnf": "chromium", "brew": "--cask chromium"},
    "pango": {"apt-get": "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0", "dnf": "pango", "brew": "pango"},
    "python": {"apt-get": "python3 python3-venv", "dnf": "python3.12", "brew": "python@3.12"},
}


def install_command(thing: str) -> str:
    """Return what to type here; in words where the system is unknown to us."""
    manager = next(filter(shutil.which, COMMANDS), None)
    if manager is None:
        return f"install {thing} with your system's packages"
    needs_sudo = manager != "brew" and os.geteuid() != 0
    return f"{'sudo ' if needs_sudo else ''}{COMMANDS[manager]} {NAMES[thing][manager]}"
