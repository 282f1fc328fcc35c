import pytest

from deals.rules import keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller Maschinenbau GmbH & Co. KG", "MULLER MASCHINENBAU"),
        ("The Globex Corporation", "Globex Corp."),
        ("Société Générale d'Énergie S.A.", "Societe Generale dEnergie"),
        ("Acme  Ltd", "ACME Limited"),
        ("ООО Ромашка", "ООО  «Ромашка»"),
    ],
)
def test_spellings_of_one_firm_give_one_name_key(one, other):
    assert keys.name_key(one, "DE") == keys.name_key(other, "DE")


def test_firms_of_the_same_name_in_two_countries_are_not_one():
    assert keys.name_key("Acme GmbH", "DE") != keys.name_key("Acme GmbH", "AT")


def test_a_name_is_never_only_its_legal_form():
    assert keys.name_key("AG", "CH") == "CH:ag"
    assert keys.name_key("!!!", "CH") == ""


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("https://Shop.Globex.co.uk/de?x=1", "globex.co.uk"),
        ("globex.example", "globex.example"),
        ("www.müller.de", "xn--mller-kva.de"),
        ("alice.github.io", "alice.github.io"),
        ("github.io", ""),
        ("not a website", ""),
        ("", ""),
    ],
)
def test_a_website_gives_its_registrable_domain(website, domain):
    assert keys.domain_key(website) == domain


@pytest.mark.parametrize("typed", ["DE 129 273 398", "de129273398", "129.273.398", "DE-129273398"])
def test_a_tax_number_is_the_same_however_it_is_typed(typed):
    assert keys.tax_key(typed, "DE") == "DE:129273398"
