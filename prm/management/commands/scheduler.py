"""Starts periodic jobs when their time has come. Several may run; each job is started by one of them."""

import logging
import signal
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections
from django.utils import timezone

from prm.events import schedule

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Start periodic jobs until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        while True:
            close_old_connections()
            try:
                schedule.start_due(timezone.now())
            except Error:
                logger.exception("the database is away, trying again")
            time.sleep(1)
