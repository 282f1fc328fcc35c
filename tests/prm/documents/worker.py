"""A worker process for tests: writes a tenant's documents and kills itself where it is told to.

python -m tests.prm.documents.worker <tenant id> <moment>
"""

import os
import signal
import subprocess
import sys
from uuid import UUID

import django


def start(vendor, storage, moment="", *, at_once=False):
    from tests.prm.events.conftest import environment

    command = [sys.executable, "-m", "tests.prm.documents.worker", str(vendor.pk), "at once" if at_once else moment]
    return subprocess.Popen(command, env=environment(TESTS_STORAGE=str(storage)), stderr=subprocess.DEVNULL)


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_at(moment: str) -> None:
    from django.core.files.storage import FileSystemStorage

    from prm.documents import paper, rendering
    from prm.events import outbox

    if moment == "before setting":
        paper.pdf = die
    elif moment == "before storing":
        FileSystemStorage.save = die
    elif moment == "between storing and mark":
        save = FileSystemStorage.save
        FileSystemStorage.save = lambda *args, **facts: (save(*args, **facts), die())
    elif moment == "before the end":
        finish = outbox._finish
        outbox._finish = lambda delivery, now: (
            die() if delivery.handler == f"{rendering.__name__}.write" else finish(delivery, now)
        )


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.conf import settings

    settings.MEDIA_ROOT = os.environ["TESTS_STORAGE"]
    from prm.documents import rendering
    from prm.events.models import Delivery
    from prm.events.outbox import deliver_due
    from prm.tenancy.context import as_system
    from tests.prm.documents import sample  # noqa: F401

    tenant, moment = UUID(sys.argv[1]), sys.argv[2]
    if moment == "at once":  # as after a lease that ran out too early: both have the same turn
        with as_system(tenant):
            turn = Delivery.objects.get(handler=f"{rendering.__name__}.write")
        rendering.write(turn.subject_id, turn)
    else:
        kill_at(moment)
        deliver_due(tenant)
