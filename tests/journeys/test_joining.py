"""How a stranger becomes a partner and brings a colleague, told in each way of using the portal."""

import pytest
from django.utils import timezone

from partners.models import Application
from partners.services import application_decisions as decisions
from prm.tenancy.context import as_system
from tests.journeys import screens
from tests.journeys.joining import COMPANY, SITE, Decider, Stranger
from tests.journeys.people import WAYS


@pytest.mark.parametrize("way", WAYS)
def test_a_stranger_becomes_a_partner_and_brings_a_colleague(world, somebody, way):
    first, second = addresses_of(world)
    stranger = somebody(Stranger, None, world.home, **WAYS[way])
    manager = somebody(Decider, world.manager, world.home, **WAYS[way])
    stranger.finds_the_public_page()
    stranger.fills_in_the_form(first)
    stranger.corrects_the_website_and_sends()
    world.deliver()
    stranger.confirms(world.link_in_mail_to(first, "/status/"))
    world.deliver()

    manager.sign_in()
    manager.is_told(f"{COMPANY} wants to become a partner", leads_to="/applications/")
    manager.opens_the_application()
    manager.asks("How many of you sell abroad?")
    world.deliver()
    stranger.answers(world.link_in_mail_to(first, "/status/"))

    manager.opens_the_application()
    manager.approves()
    world.deliver()
    stranger.joins(world.link_in_mail_to(first, "/invitations/"))
    stranger.finds_on_the_checklist(to_do=["Accept the agreement", "Invite a colleague"])
    stranger.accepts_the_agreement()
    stranger.invites_a_colleague(second)
    world.deliver()
    colleague = somebody(Stranger, None, world.home, **WAYS[way])
    colleague.joins(world.link_in_mail_to(second, "/invitations/"))
    world.deliver()
    stranger.finds_on_the_checklist(done=["Accept the agreement", "Invite a colleague"])

    assert stranger.complaints == manager.complaints == colleague.complaints == []


def test_the_pages_for_strangers_have_no_barriers(world, somebody):
    first, _second = addresses_of(world)
    stranger = somebody(Stranger, None, world.home)
    stranger.finds_the_public_page()
    pages = [f"{world.home}/become-a-partner/", stranger.page.url, f"{stranger.page.url}join/"]
    assert faults(stranger.page, pages, name=world.vendor.name) == []

    stranger.page.goto(pages[1])
    stranger.fills_in_the_form(first)
    stranger.corrects_the_website_and_sends()
    world.deliver()
    status = world.link_in_mail_to(first, "/status/")
    assert faults(stranger.page, [stranger.page.url, status], name=world.vendor.name) == []

    stranger.confirms(status)
    assert faults(stranger.page, [status, f"{status}withdrawal/"], name=world.vendor.name) == []
    with as_system(world.vendor.pk):
        application = Application.objects.get(contact_email=first)
        decisions.ask(application, question="How many of you sell abroad?", by=world.manager, at=timezone.now())
    assert faults(stranger.page, [status, f"{status}answer/"], name=world.vendor.name) == []


def addresses_of(world):
    """A login is one person's at all vendors, so every story is told of other people."""
    return f"ingrid@{world.vendor.slug}.{SITE}", f"olav@{world.vendor.slug}.{SITE}"


def faults(page, addresses, *, name):
    found = []
    for address in addresses:
        page.goto(address)
        found += screens.faults(page, name=name)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1440, "height": 900})
    return found
