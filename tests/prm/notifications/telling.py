"""A kind of news for tests, told by a handler of an event of the tests."""

from dataclasses import dataclass
from uuid import UUID

from django.template import engines
from django.template.loaders.locmem import Loader

from prm.accounts.models import User
from prm.events.facts import Fact
from prm.events.outbox import handles
from prm.notifications import kinds
from prm.notifications.services import notify


@dataclass(frozen=True)
class KettleBoiled(Fact):
    user_ids: list[UUID]
    kettle: str = "kettle"


KIND = kinds.kind("tests.kettle_boiled", "A kettle boiled")


@handles(KettleBoiled)
def tell(event, delivery):
    people = User.objects.filter(pk__in=event.payload["user_ids"])
    notify(
        people, kind=KIND, event=event, path="kettles/1/", facts={"kettle": event.payload["kettle"]}, delivery=delivery
    )


WORDS = "The {{ kettle }} boils\n\nIt has {{ kettle }} water.\n\nCome soon.\n"

# The words of the kind, without a file among the product's templates.
engine = engines["django"].engine
engine.template_loaders.append(Loader(engine, {"tests/notifications/kettle_boiled.txt": WORDS}))
