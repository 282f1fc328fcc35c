import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.ui import pages
from tests.ui.conftest import site_in

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCREENS = {"gallery": pages.GALLERY, "inbox": pages.INBOX, "task": pages.TASK}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(browser, screen, width, scheme):
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "bypass_csp": True}
    for site in site_in(browser, **options):
        page = site.show(SCREENS[screen])
        report = Axe().run(page, options={"runOnly": RULES})

    assert report.violations_count == 0, report.generate_report()


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_scrolls_sideways_at_320_pixels(browser, screen):
    for site in site_in(browser, viewport={"width": 320, "height": 700}):
        width = site.show(SCREENS[screen]).evaluate("document.documentElement.scrollWidth")

    assert width <= 320


TOO_SMALL = """() => [...document.querySelectorAll('a, button, input, summary')].filter(element => {
  const box = element.getBoundingClientRect();
  const inLarger = element.matches('p a, dd a, .skip, .cover') || element.closest('label, .entry, tr');
  return box.width && !inLarger && box.width < 24 && box.height < 24;
}).map(element => element.outerHTML)"""


@pytest.mark.parametrize("screen", SCREENS)
def test_targets_can_be_hit(site, screen):
    assert site.show(SCREENS[screen]).evaluate(TOO_SMALL) == []
