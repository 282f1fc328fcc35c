"""Whatever colour a vendor picks, what is made of it stays readable. The browser computes, because it knows oklch."""

import pytest

from prm.ui.brand import Brand
from tests.ui.conftest import bundle

COLORS = [
    "#0e6c86", "#111111", "#f5c400", "#a7e022", "#00c2a8", "#1d9bf0",
    "#635bff", "#7a1f5c", "#e60023", "#c2410c", "#ff7a59",
]  # fmt: skip
TEXT, MARK = 4.5, 3.0

PAIRS = [
    ("--on-brand", "--brand-solid", TEXT),
    ("--on-brand", "--brand-hover", TEXT),
    ("--brand-text", "--surface", TEXT),
    ("--brand-text", "--brand-soft", TEXT),
    ("--brand-text", "--frame", TEXT),
    ("--brand-mark", "--surface", MARK),
    ("--brand-mark", "--frame", MARK),
    ("--brand-mark", "--brand-soft", MARK),
    ("--text", "--surface", TEXT),
    ("--text", "--brand-soft", TEXT),
    ("--text-2", "--surface-3", TEXT),
    ("--text-3", "--surface", TEXT),
    ("--text-3", "--surface-2", TEXT),
    ("--text-3", "--frame", TEXT),
    ("--control", "--surface", MARK),
    ("--on-inverse", "--inverse", TEXT),
    *((f"--{tone}", f"--{tone}-soft", TEXT) for tone in ("ok", "warn", "bad", "info")),
    *((f"--{tone}", "--surface", TEXT) for tone in ("ok", "warn", "bad", "info")),
]

# A canvas turns any colour into the bytes that are really painted.
MEASURE = """(pairs) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  const paint = canvas.getContext('2d', { willReadFrequently: true });
  const probe = document.body.appendChild(document.createElement('i'));
  const luminance = (token) => {
    probe.style.color = `var(${token})`;
    paint.fillStyle = getComputedStyle(probe).color;
    paint.fillRect(0, 0, 1, 1);
    const parts = [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3).map((byte) => byte / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  return pairs.map(([front, back]) => {
    const [light, dark] = [luminance(front), luminance(back)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  });
}"""


@pytest.fixture(scope="module")
def blank(browser):
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("color", COLORS)
def test_every_brand_color_keeps_its_contrast(blank, color, scheme):
    blank.emulate_media(color_scheme=scheme)
    blank.set_content(f"<style>{bundle('portal.css')}{Brand(color).sheet}</style>")

    found = blank.evaluate(MEASURE, [pair[:2] for pair in PAIRS])

    too_low = [
        (front, back, round(ratio, 2))
        for (front, back, least), ratio in zip(PAIRS, found, strict=True)
        if ratio < least
    ]
    assert too_low == []
