"""Runs background work: a Celery worker where there is a broker, else the outbox itself."""

import os
import signal
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from prm.events import outbox


class Command(BaseCommand):
    help = "Run background work until stopped."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--concurrency", type=int, default=2)

    def handle(self, *args: Any, concurrency: int, **options: Any) -> None:
        if settings.REDIS_URL:
            arguments = ["-A", "prm", "worker", f"--concurrency={concurrency}", "--loglevel=info", "--without-mingle"]
            os.execv(sys.executable, [sys.executable, "-m", "celery", *arguments])
        self.stdout.write("No broker: delivering from the outbox in this process.")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        while True:
            close_old_connections()
            for tenant_id in outbox.tenants_with_work(timezone.now()):
                outbox.deliver_due(tenant_id)
            time.sleep(0.5)
