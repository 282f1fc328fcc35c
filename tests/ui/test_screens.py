import pytest

from tests.browser import barriers, too_small, width_of
from tests.ui import pages
from tests.ui.conftest import site_in

SCREENS = {"gallery": pages.GALLERY, "inbox": pages.INBOX, "task": pages.TASK}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(browser, screen, width, scheme):
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    for site in site_in(browser, **options):
        found = barriers(site.show(SCREENS[screen]))

    assert found == []


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_scrolls_sideways_at_320_pixels(browser, screen):
    for site in site_in(browser, viewport={"width": 320, "height": 700}):
        width = width_of(site.show(SCREENS[screen]))

    assert width <= 320


@pytest.mark.parametrize("screen", SCREENS)
def test_targets_can_be_hit(site, screen):
    assert too_small(site.show(SCREENS[screen])) == []
