import pytest

from prm.files import names


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("offer.pdf", "offer.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\offer.pdf", "offer.pdf"),
        ("/etc/", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("  . .offer .pdf. ", "offer.pdf"),
        ("offer\x00.pdf", "offer.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("zero\u200bwidth.pdf", "zerowidth.pdf"),
        ("re\u0301sume\u0301.pdf", "résumé.pdf"),
        ('a<b>:"c|d?*.pdf', "a_b___c_d__.pdf"),
        ("con.txt", "_con.txt"),
        ("COM1.pdf", "_COM1.pdf"),
        ("Ω 報告書.pdf", "Ω 報告書.pdf"),
        ("x" * 400 + ".pdf", "x" * 116 + ".pdf"),
        ("x." + "y" * 400, "x"),
    ],
)
def test_a_name_is_made_safe_to_show_and_to_save(given, kept):
    assert names.clean(given) == kept
