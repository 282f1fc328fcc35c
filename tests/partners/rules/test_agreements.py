from partners.rules import agreements
from partners.rules.agreements import Block, BlockKind, Wording


def test_a_text_is_read_as_headings_paragraphs_and_lists():
    text = "# Scope\nYou sell\nour products.\n\nMore.\n- one\n- two\n\n1. first\n2) second\n## Small\n"

    assert agreements.blocks(text) == [
        Block(BlockKind.HEADING, ("Scope",)),
        Block(BlockKind.PARAGRAPH, ("You sell", "our products.")),
        Block(BlockKind.PARAGRAPH, ("More.",)),
        Block(BlockKind.LIST, ("one", "two")),
        Block(BlockKind.NUMBERED, ("first", "second")),
        Block(BlockKind.SUBHEADING, ("Small",)),
    ]


def test_what_looks_like_html_is_plain_text():
    (block,) = agreements.blocks("<script>alert(1)</script>")

    assert block == Block(BlockKind.PARAGRAPH, ("<script>alert(1)</script>",))


def test_an_empty_text_has_no_parts():
    assert agreements.blocks(" \n\n") == []


def test_the_fingerprint_changes_with_every_word_and_not_with_the_order_of_languages():
    en, de = Wording("Agreement", "You sell."), Wording("Vertrag", "Sie verkaufen.")

    assert agreements.digest({"en": en, "de": de}) == agreements.digest({"de": de, "en": en})
    assert agreements.digest({"en": en}) != agreements.digest({"en": Wording("Agreement", "You sell!")})
    assert agreements.digest({"en": en}) != agreements.digest({"de": en})


def test_a_reminder_comes_once_at_each_mark():
    assert agreements.reminder_due(8, None) is None
    assert agreements.reminder_due(7, None) == 7
    assert agreements.reminder_due(6, 7) is None
    assert agreements.reminder_due(2, 7) == 3
    assert agreements.reminder_due(0, 3) == 1
    assert agreements.reminder_due(-1, None) is None
