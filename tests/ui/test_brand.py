import pytest
from django.test import RequestFactory

from prm.ui.brand import Brand, InvalidBrand, brand_of
from prm.ui.views import brand_sheet


class Profile:
    brand_color, brand_tint, brand_radius = "#7a1f5c", 340, 0


def test_a_sheet_sets_three_values_and_nothing_else():
    sheet = Brand("#7a1f5c", 340, 6).sheet

    assert sheet == "@layer tenant { :root { --brand: #7a1f5c; --tint: 340; --radius: 6px; } }\n"


@pytest.mark.parametrize("color", ["red", "#fff", "#12345g", "#7a1f5c; } body { display: none", "", "#7a1f5c\n"])
def test_only_a_hex_color_is_a_color(color):
    with pytest.raises(InvalidBrand):
        Brand(color)


@pytest.mark.parametrize(("tint", "radius"), [(-1, 8), (361, 8), (226, -1), (226, 13), (1.5, 8)])
def test_hue_and_radius_stay_in_their_range(tint, radius):
    with pytest.raises(InvalidBrand):
        Brand("#7a1f5c", tint, radius)


def test_zero_is_a_radius():
    assert brand_of(Profile()).radius == 0


def test_without_a_profile_the_brand_is_ours():
    assert brand_of(None) == Brand()


@pytest.mark.parametrize(("color", "text"), [("#f5c400", "#000000"), ("#7a1f5c", "#ffffff"), ("#111111", "#ffffff")])
def test_mail_puts_readable_text_on_the_color(color, text):
    assert Brand(color).on_color == text


def test_the_sheet_is_kept_for_good_under_its_own_address_only(rf: RequestFactory):
    request = rf.get("/")
    request.profile = Profile()
    brand = brand_of(Profile())

    kept, outdated = brand_sheet(request, brand.digest), brand_sheet(request, "0" * 16)

    assert kept.content.decode() == outdated.content.decode() == brand.sheet
    assert kept["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in kept["Cache-Control"]
    assert outdated["Cache-Control"] == "no-cache"
