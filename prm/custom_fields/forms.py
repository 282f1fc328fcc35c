"""What an administrator types about a custom field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prm.accounts.forms import RefusableMixin
from prm.accounts.text import no_control_characters
from prm.custom_fields.definitions import KEY, WITH_OPTIONS, Definition, FieldType, Option
from prm.ui.forms import PortalForm
from prm.ui.widgets import Segments

PLAIN = [no_control_characters]
AUDIENCES = (("both", _("Partners and us")), ("vendor", _("Only us")))
NEW_OPTIONS = 4
CHOICES_FOLLOW = {"hx-post": "", "hx-vals": '{"do": "type"}', "hx-target": "#choices", "hx-swap": "outerHTML"}


class DefinitionForm(RefusableMixin, PortalForm):
    """A field, but for its conditions and choices."""

    label = forms.CharField(label=_("Label"), max_length=120, validators=PLAIN)
    type = forms.ChoiceField(label=_("What is typed"), choices=FieldType.choices, initial=FieldType.TEXT.value)
    help = forms.CharField(
        label=_("Help"), max_length=300, required=False, validators=PLAIN, help_text=_("A sentence below the field.")
    )
    section = forms.CharField(
        label=_("Section"),
        max_length=80,
        required=False,
        validators=PLAIN,
        help_text=_("Fields with the same words here stand together under them."),
    )
    audience = forms.ChoiceField(label=_("Who sees it"), choices=AUDIENCES, widget=Segments, initial="both")
    is_required = forms.BooleanField(label=_("It has to be filled"), required=False)
    key = forms.CharField(
        label=_("Key"),
        max_length=40,
        required=False,
        help_text=_("What files and rules call it; it never changes. Left empty, it is made from the label."),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kept: Definition | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        self.fields["type"].widget.attrs |= CHOICES_FOLLOW
        if kept is not None:
            del self.fields["key"]
            names = ("label", "type", "help", "section", "is_required")
            self.initial |= {name: getattr(kept, name) for name in names}
            self.initial["audience"] = "vendor" if kept.is_internal else "both"

    @property
    def has_choices(self) -> bool:
        """Say whether what is typed is chosen from."""
        return self["type"].value() in WITH_OPTIONS

    def clean_key(self) -> str:
        key = self.cleaned_data["key"]
        if key and not KEY.fullmatch(key):
            raise forms.ValidationError(
                _("A key begins with a small letter and has only a to z, digits and underscores."), code="key"
            )
        return key

    def definition(self, options: tuple[Option, ...]) -> Definition:
        """Return the field as it was typed; its conditions stay."""
        said = self.cleaned_data
        return Definition(
            key=self.kept.key if self.kept else said["key"],
            label=said["label"],
            type=FieldType(said["type"]),
            help=said["help"],
            options=options,
            section=said["section"],
            is_internal=said["audience"] == "vendor",
            is_required=said["is_required"],
            required_when=self.kept.required_when if self.kept else None,
            shown_when=self.kept.shown_when if self.kept else None,
        )


class OptionForm(PortalForm):
    """Something that can be chosen. An empty label takes it away."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    label = forms.CharField(label=_("Choice"), required=False, max_length=120, validators=PLAIN)
    place = forms.IntegerField(label=_("Place"), required=False, min_value=1, max_value=999)
    is_offered = forms.BooleanField(label=_("Offered"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.marks_optional = False
        self.fields["place"].widget.attrs |= {"inputmode": "numeric"}

    def clean_key(self) -> str:
        key = self.cleaned_data["key"]
        return key if KEY.fullmatch(key) else ""


Options = forms.formset_factory(OptionForm, extra=0, max_num=220, absolute_max=220)


def options_form(posted: Any, kept: tuple[Option, ...] = (), *, more: int = NEW_OPTIONS) -> Any:
    """Return the rows of choices, with some empty ones after them; a page without rows leaves those there are."""
    if posted is not None and "options-TOTAL_FORMS" not in posted:
        posted = None
    rows = [
        {"key": option.key, "label": option.label, "place": place, "is_offered": option.is_offered}
        for place, option in enumerate(kept, 1)
    ]
    empty = [{"is_offered": True}] * more
    return Options(posted, prefix="options", initial=[*rows, *empty])


def options_in(formset: Any) -> tuple[Option, ...]:
    """Return the choices that were typed, in the order of their places; those without one come last."""
    if not formset.is_bound:
        return ()
    rows = [form.cleaned_data for form in formset.forms if form.cleaned_data.get("label")]
    rows.sort(key=lambda row: row.get("place") or 1000)
    seen: set[str] = set()
    found = []
    for row in rows:
        key = "" if row["key"] in seen else row["key"]
        seen.add(key)
        found.append(Option(key, row["label"], row["is_offered"]))
    return tuple(found)
