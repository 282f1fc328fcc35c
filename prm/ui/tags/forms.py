"""How Django's fields become ours: the class of a control, the summary of errors."""

from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

from prm.tenancy.fields import uuid7

register = Library()

_OWN_LOOK = (
    forms.CheckboxInput,
    forms.RadioSelect,
    forms.CheckboxSelectMultiple,
    forms.MultiWidget,
    forms.FileInput,
    forms.HiddenInput,
)


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The widget of a field with the class of our controls. Works for forms of other packages as well."""
    widget = field.field.widget
    if isinstance(widget, _OWN_LOOK) and not isinstance(widget, forms.ClearableFileInput):
        return field.as_widget()
    classes = f"input {widget.attrs.get('class', '')}".strip()
    return field.as_widget(attrs={"class": classes})


@register.filter
def is_single_checkbox(field: BoundField) -> bool:
    """A lone tick box has its label at its side, not above."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """Links to the fields that need attention, when there are two or more, and errors of the form as a whole."""
    fields = [
        {"label": field.label, "error": field.errors[0], "target": target_of(field)}
        for field in form.visible_fields()
        if field.errors
    ]
    hidden = [error for field in form.hidden_fields() for error in field.errors]
    return {"fields": fields if len(fields) > 1 else [], "errors": [*form.non_field_errors(), *hidden]}


def target_of(field: BoundField) -> str:
    """The id of what takes the focus: of a group of choices it is the first."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.simple_tag
def one_time_id() -> SafeString:
    """A hidden id that lets the form act once, however often it is sent; see `prm.ui.submissions`."""
    return format_html('<input type="hidden" name="submission" value="{}">', uuid7())
