import pytest

from prm import companies


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
    assert companies.name_key(one, "DE") == companies.name_key(other, "DE")


def test_firms_of_the_same_name_in_two_countries_are_not_one():
    assert companies.name_key("Acme GmbH", "DE") != companies.name_key("Acme GmbH", "AT")


def test_a_name_is_never_only_its_legal_form():
    assert companies.name_key("AG", "CH") == "CH:ag"
    assert companies.name_key("!!!", "CH") == ""


@pytest.mark.parametrize("name", ["ß" * 140, "\u9ad8" * 200, "a" * 200])
def test_a_name_key_is_never_longer_than_what_is_kept_of_it(name):
    assert len(companies.name_key(name, "DE")) <= companies.LONGEST_KEY


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
    assert companies.domain_key(website) == domain


@pytest.mark.parametrize("typed", ["DE 129 273 398", "de129273398", "129.273.398", "DE-129273398"])
def test_a_tax_number_is_the_same_however_it_is_typed(typed):
    assert companies.tax_key(typed, "DE") == "DE:129273398"


@pytest.mark.parametrize(
    ("tax_id", "country", "is_valid"),
    [
        ("DE 136 695 976", "DE", True),
        ("DE136695977", "DE", False),
        ("not a number", "DE", False),
        ("CHE-100.155.212 MWST", "CH", True),
        ("12345", "US", None),
        ("12345", "", None),
    ],
)
def test_a_tax_number_is_checked_where_its_kind_is_known(tax_id, country, is_valid):
    assert companies.tax_id_is_valid(tax_id, country) is is_valid


def test_an_address_gives_the_domain_of_its_company():
    assert companies.email_domain("Ida.Holm@Mail.Globex.example") == "globex.example"
    assert companies.email_domain("nobody") == ""


def test_an_address_anybody_can_have_says_nothing_about_a_company():
    assert companies.is_free_mail(companies.email_domain("someone@gmail.com"))
    assert not companies.is_free_mail("globex.example")
