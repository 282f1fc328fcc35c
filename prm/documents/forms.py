"""Comparing somebody's copy with the document that was issued."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.ui.forms import PortalForm

DIGEST = re.compile(r"[0-9a-f]{64}")
LARGEST = 20_000_000


class ComparisonForm(PortalForm):
    """Takes a file, or the SHA-256 of one."""

    file = forms.FileField(label=gettext_lazy("Your copy"), required=False, allow_empty_file=True)
    digest = forms.CharField(label=gettext_lazy("Or its SHA-256"), required=False, max_length=200)

    def clean_digest(self) -> str:
        digest = "".join(self.cleaned_data["digest"].lower().split()).removeprefix("sha256:")
        if digest and not DIGEST.fullmatch(digest):
            raise forms.ValidationError(_("A SHA-256 has 64 digits from 0 to 9 and a to f."))
        return digest

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("No document is this large. Choose the PDF you were given."))
        return file

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.cleaned_data["file"] and not self.cleaned_data["digest"]:
            raise forms.ValidationError(_("Choose the file, or paste its SHA-256."))
        return self.cleaned_data

    @property
    def given(self) -> str:
        """Return the digest of what was given; the file counts when both were."""
        file = self.cleaned_data["file"]
        if not file:
            return self.cleaned_data["digest"]
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        return digest.hexdigest()
