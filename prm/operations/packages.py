"""Installing something with this system's own package manager: the one command, or at once where we may."""

import os
import shutil
import subprocess
import sys

COMMANDS = {"apt-get": "apt-get install", "dnf": "dnf install", "brew": "brew install"}
NAMES = {
    "postgres": {"apt-get": "postgresql", "dnf": "postgresql-server postgresql-contrib", "brew": "postgresql@17"},
    "valkey": {"apt-get": "redis-server", "dnf": "valkey", "brew": "valkey"},
    "chromium-headless-shell": {"apt-get": "chromium-headless-shell"},
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


def install(thing: str, *, minutes: float) -> bool:
    """Install it now, if we are root on a system with apt; whether it worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {thing} …", file=sys.stderr)
    command = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *NAMES[thing]["apt-get"].split()]
    return _quietly(command, 60 * minutes) or (
        _quietly(["apt-get", "update", "-q"], 120) and _quietly(command, 60 * minutes)
    )


def _quietly(command: list[str], seconds: float) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
