"""Settings of the web server, for `gunicorn --config python:prm.operations.web prm.wsgi`."""

import os
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
preload_app = True  # one import for all: a faster start and shared memory
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 8)
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 20_000  # what leaks a little is let go of, one process after the other
max_requests_jitter = 2_000
control_socket_disable = True  # its one place in the home folder would be shared by all installations
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
if Path("/dev/shm").is_dir():
    worker_tmp_dir = "/dev/shm"  # a heartbeat on a busy disk makes a healthy process look stuck


def child_exit(server: object, worker: Any) -> None:
    """Gunicorn calls this when a process is gone: what it counted stays, what it held does not."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)
