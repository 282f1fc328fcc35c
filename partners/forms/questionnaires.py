"""The vendor's questions as fields of a form, their words, and answers in words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.enums import OwnAnswer, OwnQuestion, QuestionKind
from partners.rules.questionnaires import Option, Question, Reply
from prm.accounts.text import no_control_characters_but_lines
from prm.ui.widgets import ChoiceCards, Segments

PREFIX = "q_"
YES, NO = "yes", "no"
HIGHEST = 10_000_000
CARDS_UP_TO = 5


def wording(question: Question) -> str:
    """Return what is asked: the vendor's words, or the product's in the reader's language."""
    return question.text or str(OwnQuestion(question.code).label)


def option_wording(option: Option) -> str:
    return option.text or str(OwnAnswer(option.code).label)


def reply_in_words(question: Question, reply: Reply | None) -> str:
    """Return an answer as a person would say it; nothing for none."""
    match question.kind:
        case QuestionKind.YES_NO:
            return "" if reply is None else _("Yes") if reply else _("No")
        case QuestionKind.CHOICE:
            return next((option_wording(option) for option in question.options if option.code == reply), "")
        case QuestionKind.NUMBER:
            return number_format(reply, force_grouping=True) if isinstance(reply, int) else ""
    return str(reply or "")


def field_of(question: Question) -> forms.Field:
    """Return the field that asks a question."""
    facts: dict[str, Any] = {
        "label": wording(question),
        "help_text": question.help,
        "required": question.is_required,
    }
    match question.kind:
        case QuestionKind.YES_NO:
            return forms.ChoiceField(
                **facts, choices=[(YES, gettext_lazy("Yes")), (NO, gettext_lazy("No"))], widget=Segments
            )
        case QuestionKind.CHOICE:
            options = [(option.code, option_wording(option)) for option in question.options]
            if len(options) <= CARDS_UP_TO:
                return forms.ChoiceField(**facts, choices=options, widget=ChoiceCards)
            return forms.ChoiceField(**facts, choices=[("", _("Choose an answer")), *options])
        case QuestionKind.NUMBER:
            number = forms.NumberInput(attrs={"class": "num", "inputmode": "numeric"})
            return forms.IntegerField(**facts, min_value=0, max_value=HIGHEST, widget=number)
    return forms.CharField(
        **facts,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_control_characters_but_lines],
    )


def reply_of(question: Question, value: Any) -> Reply | None:
    """Return what a field understood as the answer that is kept; nothing where nothing was answered."""
    if value in (None, ""):
        return None
    if question.kind == QuestionKind.YES_NO:
        return bool(value == YES)
    return value  # type: ignore[no-any-return]


def typed_as(question: Question, reply: Reply) -> str:
    """Return a kept answer as it would have been typed."""
    if question.kind == QuestionKind.YES_NO:
        return YES if reply else NO
    return str(reply)
