"""What is typed about certifications and certificates, and the filters of their list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.enums import CertificateStatus, CertifiedRole
from partners.models import Certificate, Certification
from partners.queries import search
from partners.services.certifications import Claimed, Course
from prm.accounts.models import Membership
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.ui.forms import PortalForm
from prm.ui.lists import FilterForm, Listing, OfferedField
from prm.ui.widgets import Switch

LINE: dict[str, Any] = {"validators": [no_control_characters]}


class CertificateFilter(FilterForm):
    """What the list of certificates can be narrowed by."""

    q = forms.CharField(label=_("Person, number or partner"), max_length=100)
    certification = OfferedField(
        lambda: Certification.objects.order_by("name").values_list("pk", "name"), label=_("Certification")
    )
    role = forms.MultipleChoiceField(label=_("Role"), choices=CertifiedRole.choices)
    status = forms.MultipleChoiceField(label=_("Status"), choices=CertificateStatus.choices)
    lookups = {"role": "certification__role__in", "status": "status__in"}

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        known = Q(holder__name__icontains=text) | Q(number__iexact=text) | Q(partner__in=search.partners(text))
        return rows.filter(known)


class CertificateList(Listing):
    """Certificates, what ends first on top."""

    filters = CertificateFilter
    sorts = {
        "holder": "holder__name",
        "partner": "partner__name",
        "certification": "certification__name",
        "until": "expires_on",
        "submitted": "submitted_at",
    }
    first_sort = "until"


class CertificateForm(PortalForm):
    """What is on a certificate, and the certificate itself as a file."""

    holder = forms.ModelChoiceField(label=_("Person"), queryset=Membership.across_tenants.none(), empty_label=None)
    certification = forms.ModelChoiceField(label=_("Certification"), queryset=Certification.across_tenants.none())
    number = forms.CharField(label=_("Number of the certificate"), max_length=60, **LINE)
    issued_on = forms.DateField(label=_("Issued on"))
    evidence = forms.FileField(label=_("Certificate as PDF or image"), required=False)

    def __init__(self, *args: Any, people: QuerySet[Membership], needs_file: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holder: Any = self.fields["holder"]
        holder.queryset = people
        holder.label_from_instance = lambda member: member.user.name
        certification: Any = self.fields["certification"]
        certification.queryset = Certification.objects.filter(is_active=True).order_by("name")
        self.fields["evidence"].required = needs_file

    @classmethod
    def of(cls, certificate: Certificate, people: QuerySet[Membership], *posted: Any) -> CertificateForm:
        """Return the form with what was handed in before."""
        initial = {
            "holder": people.filter(user_id=certificate.holder_id).first(),
            "certification": certificate.certification_id,
            "number": certificate.number,
            "issued_on": certificate.issued_on,
        }
        return cls(*posted, people=people, needs_file=False, initial=initial)

    @property
    def claimed(self) -> Claimed:
        return Claimed(**{name: self.cleaned_data[name] for name in ("certification", "holder", "number", "issued_on")})


class NoteForm(PortalForm):
    """Why a certificate is returned or revoked."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The partner reads it."),
        validators=[no_control_characters_but_lines],
    )


class CertificationForm(PortalForm):
    """Something that people can be certified in; `seen` says which state of it the person started from."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=120, **LINE)
    role = forms.ChoiceField(label=_("Role"), choices=CertifiedRole.choices, widget=forms.RadioSelect)
    valid_months = forms.IntegerField(
        label=_("Valid for months"),
        min_value=1,
        max_value=240,
        required=False,
        help_text=_("Without a number it never ends."),
    )
    description = forms.CharField(label=_("Description"), max_length=300, required=False, **LINE)
    is_active = forms.BooleanField(label=_("Certificates can be added"), required=False, initial=True, widget=Switch)

    @classmethod
    def of(cls, row: Certification, posted: Any = None) -> CertificationForm:
        """Return the form with what is kept, or with what was typed over it."""
        names = ("name", "role", "valid_months", "description", "is_active")
        return cls(posted, initial={"seen": row.revision, **{name: getattr(row, name) for name in names}})

    @property
    def course(self) -> Course:
        typed = self.cleaned_data
        return Course(
            typed["name"],
            CertifiedRole(typed["role"]),
            typed["description"],
            typed["valid_months"],
            typed["is_active"],
        )

    def start_over_from(self, row: Certification) -> None:
        """Let the next attempt replace what is kept now."""
        self.data: Any = self.data.copy()
        self.data["seen"] = row.revision
