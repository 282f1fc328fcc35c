"""A list of customers as a file, and what its columns mean."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.models import CustomerImport
from prm.files import pasted, rules
from prm.ui import countries
from prm.ui.forms import PortalForm
from prm.ui.lists import Listing
from prm.ui.widgets import Switch

MOST_LINES, MOST_BYTES, MOST_COLUMNS = 100_000, 20_000_000, 40
LONGEST_CELL = 1000
EXAMPLES = 3
FIELDS = {
    "name": gettext_lazy("Company name"),
    "other_name": gettext_lazy("Another name"),
    "website": gettext_lazy("Website"),
    "tax_id": gettext_lazy("Tax or register number"),
    "country": gettext_lazy("Country"),
    "state": gettext_lazy("State or province"),
    "city": gettext_lazy("City"),
    "postcode": gettext_lazy("Postcode"),
    "address": gettext_lazy("Street"),
    "phone": gettext_lazy("Telephone"),
    "external_id": gettext_lazy("Your number of the customer"),
}


class FileForm(PortalForm):
    """The file; its cells become texts."""

    file = forms.FileField(
        label=gettext_lazy("File: CSV or XLSX"),
        help_text=gettext_lazy("One customer in each line, up to 100,000. A first line with headings helps."),
    )

    def clean_file(self) -> list[list[str]]:
        """Return the lines that say anything, in their order, all of one length."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 20 MB. Split it."), code="large")
        rows = _workbook(upload) if rules.extension_of(upload.name) == "xlsx" else _csv(upload)
        lines = [[cell[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]] for row in rows]
        lines = [line for line in lines if any(map(str.strip, line))]
        if not lines:
            raise ValidationError(_("The file is empty."), code="empty")
        if len(lines) > MOST_LINES:
            raise ValidationError(
                _("There are more than %(most)s lines. Split them.") % {"most": MOST_LINES}, code="long"
            )
        width = max(map(len, lines))
        return [[*line, *[""] * (width - len(line))] for line in lines]


def _workbook(upload: Any) -> list[list[str]]:
    rows = pasted.cells_of(upload, most_rows=MOST_LINES + 2)
    return [[cell if isinstance(cell, str) else format(cell, "f") for cell in row] for row in rows]


def _csv(upload: Any) -> list[list[str]]:
    text = pasted.decoded(upload.read())
    head = text[:10_000].partition("\n")[0]
    rows = pasted.rows_of(text, delimiter=max((";", "\t", ","), key=head.count))
    return [cells for _number, cells in islice(rows, MOST_LINES + 1)]


class ColumnsForm(PortalForm):
    """What each column means, and the country of lines that name none."""

    country = forms.ChoiceField(
        label=gettext_lazy("Country of lines that name none"),
        required=False,
        help_text=gettext_lazy("Without one, such lines cannot be taken over."),
    )
    has_head = forms.BooleanField(label=gettext_lazy("The first line has the headings"), required=False, widget=Switch)

    def __init__(self, *args: Any, job: CustomerImport, **kwargs: Any) -> None:
        initial = {"country": job.country, "has_head": job.has_head}
        super().__init__(*args, initial=initial, **kwargs)
        self.job = job
        self.fields["country"].choices = [("", _("None")), *countries.choices()]  # type: ignore[attr-defined]
        for place, meaning in enumerate(job.columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=self._heading(place),
                choices=[("", _("Leave out")), *FIELDS.items()],
                required=False,
                initial=meaning,
            )

    def _heading(self, place: int) -> str:
        heading = self.job.lines[0][place].strip()[:80] if self.job.has_head else ""
        return heading or _("Column %(number)s") % {"number": place + 1}

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Return the field of each column with examples of what stands in it."""
        below = self.job.lines[1:] if self.job.has_head else self.job.lines
        found = []
        for place in range(len(self.job.columns)):
            cells = (line[place].strip() for line in below[:50])
            examples = [cell[:60] for cell in dict.fromkeys(filter(None, cells))][:EXAMPLES]
            found.append({"field": self[f"column_{place}"], "examples": examples or ["–"]})
        return found

    @property
    def meanings(self) -> list[str]:
        return [self.cleaned_data[f"column_{place}"] for place in range(len(self.job.columns))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [cleaned.get(f"column_{place}", "") for place in range(len(self.job.columns))]
        for place, meaning in enumerate(given):
            if meaning and meaning in given[:place]:
                words = _("Another column is said to be that: %(what)s.") % {"what": FIELDS[meaning]}
                self.add_error(f"column_{place}", words)
        if "name" not in given:
            self.add_error(None, _("Say which column has the names of the customers."))
        return cleaned


class LineList(Listing):
    """The lines of a list in their order."""

    sorts = {"number": "number"}
    first_sort = "number"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The tab stays, too."""
        found = self.params.get("found", "")
        return [*super().kept, *([("found", found)] if found else [])]
