"""Saying that the portal is ready, to people on the screen and to programs in `var/run.json`."""

import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from prm.operations import ports
from prm.operations.places import var, write_private


def file() -> Path:
    return var() / "run.json"


def demo_file() -> Path:
    return var() / "demo.json"


def answers(port: int) -> bool:
    """Ask the portal whether it can serve people."""
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def publish(address: str) -> list[str]:
    """Write `var/run.json` and return the lines that say the same to people."""
    logins = [login | {"start": urljoin(f"{address}/", login["start"])} for login in _demo_logins()]
    write_private(file(), json.dumps({"address": address, "logins": logins}, indent=1, ensure_ascii=False))
    return [f"Ready: {address}", *map(_line, logins)]


def withdraw() -> None:
    file().unlink(missing_ok=True)


def running_address() -> str | None:
    try:
        return str(json.loads(file().read_text())["address"])
    except (OSError, ValueError, KeyError):
        return None


def _demo_logins() -> list[dict[str, Any]]:
    try:
        return list(json.loads(demo_file().read_text()))
    except (OSError, ValueError):
        return []


def _line(login: dict[str, Any]) -> str:
    place = " · ".join(login[part] for part in ("vendor", "partner", "role") if login.get(part))
    return f"  {place}: {login['email']} / {login['password']} at {login['start']}"
