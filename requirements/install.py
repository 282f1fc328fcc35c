"""Fill .venv with the locked packages: `python3 requirements/install.py run` (or `dev`).

It needs nothing but Python. A second call with an unchanged lock ends at once.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE.parent / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLER = HERE / "installer.txt"
OLDEST = (3, 11)
CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def main(lock: Path) -> None:
    if sys.version_info < OLDEST:
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Set PYTHON to a newer one.")
    stamp, mark = VENV / "installed", mark_of(lock)
    if stamp.exists() and stamp.read_text() in satisfying(lock) and works():
        return
    if stamp.exists() and stamp.read_text().startswith("dev "):
        lock = HERE / "dev.txt"  # to run what one develops must not take the tools away
        mark = mark_of(lock)
    if not works():
        create()
    stamp.unlink(missing_ok=True)
    print(f"Installing packages ({lock.name}) …", flush=True)
    install(lock)
    stamp.write_text(mark)


def mark_of(lock: Path) -> str:
    contents = INSTALLER.read_bytes() + lock.read_bytes() + sys.version.encode()
    return f"{lock.stem} {hashlib.sha256(contents).hexdigest()}"


def satisfying(lock: Path) -> set[str]:
    """A development environment holds everything that running needs, in the same versions."""
    return {mark_of(lock), mark_of(HERE / "dev.txt")}


def works() -> bool:
    """False also for an environment copied from elsewhere or whose Python was upgraded away."""
    return PYTHON.exists() and quietly([PYTHON, "-c", "import pip"])


def create() -> None:
    make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if quietly(make):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quietly(["apt-get", "update"], seconds=120)
        if quietly(["apt-get", "install", "-y", package], seconds=300) and quietly(make):
            return
    sys.exit(f"Python cannot make a virtual environment here. On Debian and Ubuntu run: sudo apt-get install {package}")


def install(lock: Path) -> None:
    """uv is several times faster; pip comes with Python and works wherever uv has no build."""
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        quietly([PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", INSTALLER])
    sync: list[str | Path] = [uv, "pip", "sync", "-q", "--python", PYTHON, "--require-hashes", INSTALLER, lock]
    if uv.exists() and quietly(sync):
        return
    plain: list[str | Path] = [PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock]
    if subprocess.run(plain, env=environment(), check=False).returncode:
        sys.exit("The packages could not be installed; the reason is above.")


def quietly(command: Sequence[str | Path], seconds: float = 600) -> bool:
    """Return whether it worked; whoever calls has another way, or says itself what is wrong."""
    try:
        done = subprocess.run(
            command, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def environment() -> dict[str, str]:
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "DEBIAN_FRONTEND": "noninteractive"}
    if sys.platform == "darwin" or any(map(os.path.exists, CERTIFICATES)):
        quiet["UV_SYSTEM_CERTS"] = "1"  # uv's own list does not know the authority of a company's network
    return {**os.environ, **quiet}


if __name__ == "__main__":
    main(HERE / f"{sys.argv[1]}.txt")
