"""Base classes of our forms. What a field looks like is in `templates/django/forms/`."""

from typing import Any

from django import forms

from prm.ui.widgets import ChoiceCards, DateInput, Segments

SEGMENTS_UP_TO = 5
SHORT = 14


class PortalFieldsMixin:
    """Chooses our widgets where a form did not choose: dates are native, a few short options are segments."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if type(field.widget) is forms.DateInput:
                _swap(field, DateInput())
            elif type(field.widget) is forms.RadioSelect:
                _swap(field, _radio_widget(field))


def _swap(field: forms.Field, widget: forms.Widget) -> None:
    """Give a field another widget with what the old one knew."""
    old = field.widget
    widget.attrs |= old.attrs
    widget.is_required, widget.is_localized = old.is_required, old.is_localized
    if hasattr(old, "choices"):
        widget.choices = old.choices  # type: ignore[attr-defined]
    field.widget = widget


def _radio_widget(field: forms.Field) -> forms.Widget:
    labels = [str(label) for _code, label in getattr(field, "choices", ())]
    is_short = len(labels) <= SEGMENTS_UP_TO and all(len(label) <= SHORT for label in labels)
    return Segments() if is_short else ChoiceCards()


class PortalForm(PortalFieldsMixin, forms.Form):
    """A form in our design."""


class PortalModelForm(PortalFieldsMixin, forms.ModelForm):
    """A form of a model in our design."""
