"""What is typed to hand in a task or bank details, to return one, and to plan a checklist."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.enums import Checker, TaskKind
from partners.models import ChecklistTask
from partners.rules import bank
from partners.rules.checklists import AUTOMATIC, PlannedTask
from partners.services.bank_accounts import Details
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.ui.forms import PortalForm
from prm.ui.widgets import FileDrop

LINE: dict[str, Any] = {"validators": [no_control_characters]}
LINES: dict[str, Any] = {
    "max_length": 2000,
    "widget": forms.Textarea(attrs={"rows": 4}),
    "validators": [no_control_characters_but_lines],
}


class TaskForm(PortalForm):
    """Files and a remark, or an answer."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    files = forms.Field(label=_("Files"), required=False)
    answer = forms.CharField(label=_("Your answer"), required=False, **LINES)

    def __init__(self, *args: Any, task: ChecklistTask, upload_url: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"version": task.version, "answer": task.answer})
        super().__init__(*args, **kwargs)
        if task.takes_files:
            self.fields["files"].widget = FileDrop(upload_url=upload_url, hint=_("PDF or image, up to 20 MB each."))
            self.fields["answer"].label = _("Remark")
        else:
            del self.fields["files"]
            self.fields["answer"].required = True


class ReturnForm(PortalForm):
    """What is missing; the partner reads it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(label=_("What is missing?"), help_text=_("The partner reads it."), **LINES)


class SkipForm(PortalForm):
    """Why a task is not needed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(label=_("Why is it not needed?"), help_text=_("The partner reads it."), **LINES)


class BankForm(PortalForm):
    """Where to pay."""

    holder = forms.CharField(label=_("Account holder"), max_length=120, **LINE)
    account = forms.CharField(
        label=_("IBAN or account number"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}), **LINE
    )
    bic = forms.CharField(
        label=_("BIC"), max_length=20, required=False, help_text=_("Needed outside of Europe's IBAN countries."), **LINE
    )
    bank = forms.CharField(label=_("Name of the bank"), max_length=120, required=False, **LINE)

    def clean_account(self) -> str:
        account = bank.compact(self.cleaned_data["account"])
        if not bank.is_account(account):
            raise forms.ValidationError(
                _("This is no account number: a digit is missing or wrong. Compare it with a statement.")
            )
        return account

    def clean_bic(self) -> str:
        code = bank.compact(self.cleaned_data["bic"])
        if code and not bank.is_bic(code):
            raise forms.ValidationError(_("A BIC has 8 or 11 letters and digits, such as COBADEFFXXX."))
        return code

    @property
    def details(self) -> Details:
        return Details(**{name: self.cleaned_data[name] for name in ("holder", "account", "bic", "bank")})


class PlannedTaskForm(PortalForm):
    """One task of a plan; an empty kind is no task."""

    marks_optional = False
    position = forms.IntegerField(label=_("Order"), required=False, min_value=1, max_value=99)
    kind = forms.ChoiceField(label=_("Task"), required=False, choices=[("", _("No task")), *TaskKind.choices])
    label = forms.CharField(label=_("Own words"), max_length=120, required=False, **LINE)
    checked_by = forms.ChoiceField(label=_("Checked by"), required=False, choices=Checker.choices)
    is_required = forms.BooleanField(label=_("Required"), required=False)

    @property
    def planned(self) -> PlannedTask | None:
        """The task, or nothing; nobody checks what completes itself, and finance checks bank details."""
        typed = self.cleaned_data
        if not typed.get("kind"):
            return None
        kind, checked_by = TaskKind(typed["kind"]), Checker(typed["checked_by"] or Checker.NOBODY)
        if kind in AUTOMATIC:
            checked_by = Checker.NOBODY
        elif kind == TaskKind.BANK:
            checked_by = Checker.FINANCE
        return PlannedTask(kind, typed["label"], typed["is_required"], checked_by)


class PlanForm(PortalForm):
    """Which state of the plan the person started from."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


TaskForms = forms.formset_factory(PlannedTaskForm, extra=3, max_num=20, validate_max=True)


def forms_of(tasks: list[PlannedTask], posted: Any = None) -> Any:
    """Return a row of fields for each task, and a few empty ones."""
    initial = [
        {
            "position": number,
            "kind": task.kind,
            "label": task.label,
            "checked_by": task.checked_by,
            "is_required": task.is_required,
        }
        for number, task in enumerate(tasks, 1)
    ]
    return TaskForms(posted, initial=initial, prefix="tasks")


def planned_in(rows: Any) -> list[PlannedTask]:
    """Return the tasks of valid rows in their order; a row without a number comes last."""
    last = len(rows.forms) + 100
    numbered = [(row.cleaned_data.get("position") or last, at, row.planned) for at, row in enumerate(rows.forms)]
    return [task for _number, _at, task in sorted(numbered, key=lambda entry: entry[:2]) if task]
