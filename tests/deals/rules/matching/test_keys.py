from hypothesis import given
from hypothesis import strategies as st

from deals.rules.matching import keys, profiles
from deals.rules.matching.profiles import Facts
from prm.tenancy.fields import uuid7
from tests.deals.rules.matching.companies import german


def shared(one: Facts, other: Facts) -> set[str]:
    return {key[0] for key in keys.asked(profiles.of(one)) & keys.of(profiles.of(other))}


def test_another_spelling_shares_a_key():
    assert "x" in shared(german("Veldhaven Robotik"), german("Feldhafen Robotics"))
    assert "w" in shared(german("Orlnda"), german("Orlinda"))
    assert "i" in shared(german("VMI"), german("Veldhaven Maritime Institute"))
    assert "j" in shared(german("orlindamarine.com"), german("Orlinda Marine"))


def test_a_web_domain_and_the_domain_of_an_e_mail_address_are_one_key():
    assert "d" in shared(
        german("A", email="ida@mail.orlinda.example"), german("B", website="https://www.orlinda.example/de")
    )
    assert "d" not in shared(german("A", email="ida@gmail.com"), german("B", website="gmail.com"))


def test_one_key_is_another_number_for_every_tenant():
    one, other = (keys.hashed(["w:orlinda"], uuid7())["w:orlinda"] for _ in range(2))

    assert one != other
    assert all(-(2**63) <= number < 2**63 for number in (one, other))


@given(
    st.builds(
        Facts,
        **{name: st.text(max_size=60) for name in ("name", "city", "address", "phone", "website", "email", "number")},
    )
)
def test_any_facts_have_few_keys(facts):
    assert len(keys.of(profiles.of(facts))) < 220
