from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template import Context, Template

from prm.ui.bundles import joined, parts_of

STYLE_LIMIT, SCRIPT_LIMIT = 15_000, 30_000


@pytest.fixture
def collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def compressed(bundle: str) -> int:
    texts = [Path(finders.find(part)).read_bytes() for part in parts_of(bundle)]
    return len(brotli.compress(joined(bundle, texts)))


def test_the_layers_are_named_before_anything_uses_them():
    assert parts_of("portal.css")[0] == "css/tokens.css"


def test_scripts_find_htmx_and_the_helpers():
    assert parts_of("portal.js")[:2] == ["django_htmx/htmx-2.min.js", "js/portal.js"]


def test_style_and_script_keep_their_budget():
    assert compressed("portal.css") < STYLE_LIMIT
    assert compressed("portal.js") < SCRIPT_LIMIT


@pytest.mark.parametrize(
    ("written", "served"),
    [
        (".lines :is(th, td):not(:first-child) { a: b }", ".lines *:is(th,td):not(:first-child){a:b}"),
        ("tbody\n  :is(th, td) { a: b }", "tbody *:is(th,td){a:b}"),
        (".a:hover, .b > :is(p), :has(> .c) { color: red; }", ".a:hover,.b>:is(p),:has(>.c){color:red}"),
        ("/* what :is that */ .a { b: c }", ".a{b:c}"),
    ],
)
def test_selectors_keep_their_meaning(written, served):
    assert joined("portal.css", [written.encode()]).decode() == served


def test_collecting_joins_hashes_and_compresses(collected):
    names = {path.name for path in collected.glob("portal.*")}

    assert {"portal.css", "portal.js"} < names
    assert any(name.endswith(".css.br") for name in names)
    assert len([name for name in names if name.endswith(".css")]) == 2
    assert ".badge" in (collected / "portal.css").read_text()
    assert "htmx" in (collected / "portal.js").read_text()


def test_a_page_loads_one_sheet_and_while_developing_every_part(settings):
    template = Template("{% style_sheets %}")

    assert template.render(Context()).count("<link") == 1
    settings.DEBUG = True
    assert template.render(Context()).count("<link") == len(parts_of("portal.css"))
