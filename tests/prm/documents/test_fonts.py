import pytest

from prm.documents import fonts

NAMES = [
    "Łódź Žluťoučký Æther ß €",
    "ООО «Северный ветер»",
    "Ελληνική Εταιρεία",
    "Nguyễn Thị Hoa",
    "شركة النور",
    "חברת האור",
    "北京云端科技有限公司",
    "株式会社サンプル",
]


@pytest.mark.parametrize("name", NAMES)
def test_our_fonts_have_every_letter_of_a_name(name):
    for weight in {part.weight for part in fonts.needed(name)}:
        known = set().union(*(part.characters for part in fonts.needed(name)))

        assert set(name) <= known, weight


def test_a_plain_document_gets_two_slices_and_no_more():
    assert [part.name for part in fonts.needed("Plain words, 1234 €")] == ["latin", "latin"]


def test_only_slices_whose_letters_occur_are_embedded():
    names = {part.name for part in fonts.needed("Москва")}

    assert names == {"latin", "cyrillic"}


def test_no_two_slices_share_a_family_and_weight():
    faces = [(part.family, part.weight) for part in fonts.slices()]

    assert len(set(faces)) == len(faces)


def test_every_slice_is_there_and_every_file_has_its_licence():
    files = {path.name for path in fonts.FOLDER.glob("*.woff2")}

    assert {part.file for part in fonts.slices()} == files
    assert len(list(fonts.FOLDER.glob("*.OFL.txt"))) == 4


def test_the_fonts_stay_small():
    assert sum(path.stat().st_size for path in fonts.FOLDER.iterdir()) < 8_000_000
