"""Files come from people, other programs and those who mean harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.programme import yaml
from prm.programme.yaml import Unreadable

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30) | st.sampled_from(
    [
        "NO",
        "yes",
        "on",
        "12.50",
        "1e3",
        "2027-01-01",
        "null",
        "~",
        "true",
        "0x1F",
        "- a",
        "a: b",
        "#",
        " x ",
        "é\n",
        "1:30",
        "0123",
        "+5",
    ]
)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=25,
)


@given(DATA)
def test_what_is_written_is_read_as_the_same(data):
    assert yaml.read(yaml.write(data))[0] == data


def test_texts_stay_what_was_written():
    read, _lines = yaml.read(
        "country: NO\nshare: 12.50\nday: 2027-01-01\nopen: yes\ncount: 7\nis: true\nnone: ~\nempty:\n"
        "zeros: 007\nplus: +49\nless: -0\npower: 1e5\nhex: 0x1F\noctal: 0o17\n"
        "time: 22:22\nlarge: 12345678901234567890\n01: a\n"
    )

    assert read == {
        "country": "NO",
        "share": "12.50",
        "day": "2027-01-01",
        "open": "yes",
        "count": 7,
        "is": True,
        "none": None,
        "empty": None,
        "zeros": "007",
        "plus": "+49",
        "less": "-0",
        "power": "1e5",
        "hex": "0x1F",
        "octal": "0o17",
        "time": "22:22",
        "large": "12345678901234567890",
        "01": "a",
    }


def test_every_place_has_its_line():
    _data, lines = yaml.read("format: 1\nfamilies:\n  - code: edge\n    name: Edge\n  - {code: mesh}\n")

    assert lines[("families",)] == 2
    assert lines[("families", 0, "name")] == 4
    assert lines[("families", 1)] == 5


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: &x [1]\nb: 2", "anchor", 1),
        ("a: 1\nb: *x", "anchor", 2),
        ("a: !!python/object:os.system 1", "tag", 1),
        ("a: 1\na: 2", "twice", 2),
        ("1: a\n'1': b", "twice", 2),
        ("a: 1\n---\nb: 2", "several", 2),
        ("a: [1", "syntax", 2),
        ("a: 1\n b: 2", "syntax", 2),
        ("[a]: 1", "key", 1),
        ("true: 1", "key", 1),
        ("a: \x07", "character", None),
        ("[" * 100, "deep", 1),
        ("x" * (yaml.LARGEST + 1), "large", None),
    ],
)
def test_what_cannot_be_read_says_why_and_where(text, code, line):
    with pytest.raises(Unreadable) as refused:
        yaml.read(text)

    assert refused.value.code == code
    if line:
        assert refused.value.line == line


def test_bombs_and_depth_are_refused():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{later}: &{later} [{','.join([f'*{earlier}'] * 9)}]\n"
        for earlier, later in zip("abcdefgh", "bcdefghi", strict=True)
    )
    for text in (bomb, "[" * 900_000, "{a: " * 300_000, "- " * 900_000, "[0," * 400_000):
        with pytest.raises(Unreadable):
            yaml.read(text)
