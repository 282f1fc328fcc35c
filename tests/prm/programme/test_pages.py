"""An administrator carries the programme out and in on screen, without scripts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from deals.models import ProductFamily
from prm.accounts.roles import Role
from prm.programme import yaml
from prm.programme.models import ProgrammeFile
from tests import build

FILE = "format: 1\nfamilies:\n  - code: cloud\n    name: Cloud\n"


@pytest.fixture
def admin(client, vendor):
    member = build.member(Role.ADMIN)
    client.force_login(member.user)
    return member


def url(vendor, *parts):
    return "/".join(["", vendor.slug, "program-file", *map(str, parts), ""])


def bring(client, vendor, text=FILE, name="ours.yaml"):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(url(vendor), {"file": SimpleUploadedFile(name, content)})


def look(client, place):
    """Send the form that tries a file out."""
    return client.post(place, {"effective_on": client.get(place).context["form"]["effective_on"].value()})


def test_a_file_is_looked_at_and_then_taken_over(client, vendor, admin):
    place = bring(client, vendor).headers["Location"]

    assert client.get(place).context.get("trial") is None
    page = look(client, place)
    assert "The file changes one thing" in page.content.decode()
    assert not ProductFamily.objects.filter(code="cloud").exists()

    sent = {"mark": page.context["trial"].mark, "effective_on": page.context["form"]["effective_on"].value()}
    assert client.post(place, sent).headers["Location"] == place
    assert ProductFamily.objects.get(code="cloud").name == "Cloud"
    assert "It changed one thing" in client.get(place).content.decode()
    assert "Taken over" in client.get(url(vendor)).content.decode()

    again = client.post(place, sent)
    assert "It changed one thing" in again.content.decode()
    assert ProgrammeFile.objects.get().changes == 1


def test_what_was_changed_meanwhile_is_shown_before_anything_is_taken_over(client, vendor, admin):
    place = bring(client, vendor).headers["Location"]
    page = look(client, place)
    sent = {"mark": page.context["trial"].mark, "effective_on": page.context["form"]["effective_on"].value()}
    ProductFamily.objects.filter(code="edge").update(name="Other")

    answer = client.post(place, sent)

    assert answer.status_code == 422
    assert "Somebody changed the program" in answer.content.decode()
    assert answer.context["trial"].mark != sent["mark"]
    assert not ProductFamily.objects.filter(code="cloud").exists()


def test_problems_are_named_with_their_line(client, vendor, admin):
    place = bring(client, vendor, FILE + "  - code: two words\n    name: Two\n").headers["Location"]

    page = look(client, place)

    assert [problem["line"] for problem in page.context["problems"]] == [5]
    assert "Take over" not in page.content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &b 1", "Line 1: Anchors"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        ("a: [", "not YAML"),
        ("", "The submitted file is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_where_it_was_chosen(client, vendor, admin, text, said):
    answer = bring(client, vendor, text)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ProgrammeFile.objects.exists()


def test_rules_cannot_apply_from_a_day_that_is_over(client, vendor, admin):
    place = bring(client, vendor).headers["Location"]

    answer = client.post(place, {"mark": look(client, place).context["trial"].mark, "effective_on": "2020-01-01"})

    assert answer.status_code == 422
    assert "a day that is over" in answer.content.decode()


def test_the_download_is_the_programme(client, vendor, admin):
    answer = client.get(url(vendor, "export"))

    wanted, _lines = yaml.read(answer.content.decode())
    assert [family["code"] for family in wanted["families"]] == ["edge", "mesh"]
    assert ".yaml" in answer["Content-Disposition"]


def run(*args):
    call_command("programme", *args)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(FILE)
    return path


def test_the_command_exports_checks_and_imports(vendor, admin, file, capsys):
    run("check", vendor.slug, str(file))
    assert "families › Cloud: added" in capsys.readouterr().out
    assert not ProductFamily.objects.filter(code="cloud").exists()

    run("import", vendor.slug, str(file), "--as", admin.user.email)
    assert ProductFamily.objects.get(code="cloud").name == "Cloud"

    run("export", vendor.slug)
    assert "code: cloud" in capsys.readouterr().out


def test_the_command_names_what_does_not_fit(vendor, admin, file, capsys):
    file.write_text(FILE + "surprise: 1\n")

    with pytest.raises(CommandError, match="Nothing was changed"):
        run("import", vendor.slug, str(file), "--as", admin.user.email)
    assert "line 5" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"vendor": "nobody"}, "no vendor"),
        ({"who": "nobody@example.com"}, "no administrator"),
        ({"path": "nowhere.yaml"}, "cannot be read"),
    ],
)
def test_the_command_says_what_is_missing(vendor, admin, file, changed, said):
    facts = {"vendor": vendor.slug, "path": str(file), "who": admin.user.email} | changed

    with pytest.raises(CommandError, match=said):
        run("import", facts["vendor"], facts["path"], "--as", facts["who"])
