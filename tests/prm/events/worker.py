"""A worker process for tests: delivers what is due in a tenant and kills itself where it is told to.

python -m tests.prm.events.worker <tenant id> [<moment>]
"""

import os
import signal
import sys
from uuid import UUID

import django


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_at(moment: str) -> None:
    from prm.notifications import mail, mailbox
    from tests.prm.notifications import telling

    if moment == "between handler and commit":
        tell = telling.notify
        telling.notify = lambda *args, **facts: (tell(*args, **facts), die())
    elif moment == "before sending":
        mailbox.MailboxBackend.send_messages = die
    elif moment == "between sending and mark":
        send = mailbox.MailboxBackend.send_messages
        mailbox.MailboxBackend.send_messages = lambda *args: (send(*args), die())
    elif moment == "between mark and the end of the turn":
        from prm.events import outbox

        finish = outbox._finish
        outbox._finish = lambda delivery, now: (
            die() if delivery.handler == f"{mail.__name__}.send" else finish(delivery, now)
        )


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "prm.settings"
    django.setup()
    from prm.events.outbox import deliver_due
    from tests.prm.notifications import telling  # noqa: F401

    kill_at(sys.argv[2] if len(sys.argv) > 2 else "")
    deliver_due(UUID(sys.argv[1]))
