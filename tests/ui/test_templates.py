"""What the content security policy and the accessibility rules ask of every template in the product."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html"))
MAIL = "layouts/email.html"


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_inline(name):
    text = (ROOT / name).read_text(encoding="utf-8")

    assert not re.search(r"""\sstyle=["']""", text)
    assert not re.search(r"""\son[a-z]+=["']""", text)
    assert not re.search(r"hx-on|hx-vals=.js:", text)
    assert not re.search(r"<script(?![^>]*(\ssrc=|type=.application/json))", text)
    assert "<style" not in text


@pytest.mark.parametrize("name", TEMPLATES)
def test_htmx_says_where_its_answer_goes(name):
    for element in re.findall(
        r"<[a-z-]+\b(?:[^<>{]|{{.*?}}|{%.*?%})*>", (ROOT / name).read_text(encoding="utf-8"), re.S
    ):
        if re.search(r"\shx-(get|post|put|patch|delete)=", element):
            assert "hx-target=" in element, element
            assert "hx-swap=" in element, element
