"""What a vendor sets for those who apply: whether, how fast, who is a competitor, and what each type is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from partners.enums import PartnerType, QuestionKind
from partners.forms.questionnaires import option_wording, wording
from partners.rules.joining import Terms
from partners.rules.questionnaires import Option, Question
from prm import companies
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.policies.terms import Said
from prm.ui.forms import PortalForm
from prm.ui.widgets import Switch

DAYS = {"min_value": 1, "max_value": 365}
PERCENT = {"min_value": 0, "max_value": 100}
PLAIN = (
    "is_open",
    "decision_business_days",
    "answer_days",
    "appeal_days",
    "appeal_business_days",
    "draft_days",
    "link_days",
)
BLANK_ROWS = 2
QUESTIONS_AT_MOST = 40
MOST_POINTS = 1000


class JoiningTermsForm(PortalForm):
    """The terms of applying, but for the questions."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    is_open = forms.BooleanField(
        label=_("Companies can apply"),
        required=False,
        widget=Switch,
        help_text=_("Off, the public page says so. Applications already sent are still decided."),
    )
    decision_business_days = forms.IntegerField(label=_("Decide within business days"), min_value=1, max_value=60)
    answer_days = forms.IntegerField(label=_("Days to answer a question"), **DAYS)  # type: ignore[arg-type]
    appeal_days = forms.IntegerField(
        label=_("Days to appeal a decision"),
        min_value=0,
        max_value=366,
        help_text=_("With 0 nobody can appeal. It counts for rejected applications and for lost tiers."),
    )
    appeal_business_days = forms.IntegerField(
        label=_("Business days to decide about an appeal"), min_value=1, max_value=60
    )
    draft_days = forms.IntegerField(label=_("Days a draft is kept"), **DAYS)  # type: ignore[arg-type]
    link_days = forms.IntegerField(label=_("Days a link in a mail works"), **DAYS)  # type: ignore[arg-type]
    second_percent = forms.IntegerField(label=_("Suggest the second tier from, in percent"), **PERCENT)  # type: ignore[arg-type]
    third_percent = forms.IntegerField(label=_("Suggest the third tier from, in percent"), **PERCENT)  # type: ignore[arg-type]
    competitor_domains = forms.CharField(
        label=_("Websites of competitors"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[no_control_characters_but_lines],
        help_text=_("One in each line. Applicants with such a website or e-mail address are marked."),
    )

    def clean_competitor_domains(self) -> tuple[str, ...]:
        found: list[str] = []
        wrong: list[str] = []
        for line in filter(None, map(str.strip, self.cleaned_data["competitor_domains"].splitlines())):
            domain = companies.domain_key(line)
            (found if domain else wrong).append(domain or line)
        if wrong:
            raise forms.ValidationError(
                _("Not a website: %(lines)s"), params={"lines": ", ".join(wrong[:3])}, code="website"
            )
        return tuple(dict.fromkeys(found))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        second, third = cleaned.get("second_percent"), cleaned.get("third_percent")
        if second is not None and third is not None and third < second:
            self.add_error("third_percent", _("This is below the mark of the second tier."))
        return cleaned

    def on(self, terms: Terms) -> Terms:
        """Return the terms with what was typed."""
        typed = self.cleaned_data
        plain = (*PLAIN, "competitor_domains")
        marks = (typed["second_percent"], typed["third_percent"])
        return replace(terms, **{name: typed[name] for name in plain}, tier_percents=marks)

    @staticmethod
    def shown(terms: Terms, revision: int | None) -> dict[str, Any]:
        """Return what the form starts with."""
        marks = [*terms.tier_percents, 100, 100]
        return {
            **{name: getattr(terms, name) for name in PLAIN},
            "competitor_domains": "\n".join(terms.competitor_domains),
            "second_percent": marks[0],
            "third_percent": marks[1],
            "revision": revision,
        }


def says(body: Mapping[str, Any]) -> Sequence[Said]:
    """Return what a version says, in the words of the form, and question by question what each type is asked."""
    terms = Terms.from_body(body)
    labels = JoiningTermsForm.base_fields
    plain = [(name, getattr(terms, name)) for name in PLAIN]
    return [
        *(Said(name, labels[name].label, _plainly(value)) for name, value in plain),
        Said("percents", _("Suggest the second tier, the third … from, in percent"), _row(terms.tier_percents)),
        Said("competitors", labels["competitor_domains"].label, _row(terms.competitor_domains)),
        *(said for kind in PartnerType for said in _asked(kind, terms.questions.get(kind, ()))),
    ]


def _asked(kind: PartnerType, questions: Iterable[Question]) -> Iterator[Said]:
    label = gettext("Question for %(type)s") % {"type": kind.label}
    order = gettext("Order of the questions for %(type)s") % {"type": kind.label}
    for question in questions:
        yield Said(f"{kind}:{question.code}", label, _question(question))
    yield Said(f"{kind}", order, "; ".join(wording(question) for question in questions))


def _question(question: Question) -> str:
    shown = QuestionRow.shown(question)
    parts = [f"“{shown['text']}”", question.help, str(question.kind.label), shown["answers"].replace("\n", "; ")]
    parts += [gettext("must be answered") if question.is_required else gettext("may be left out")]
    if question.points:
        parts += [ngettext("%(number)s point", "%(number)s points", question.points) % {"number": question.points}]
    return ", ".join(filter(None, parts))


def _plainly(value: bool | int) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(value)


def _row(values: Iterable[Any]) -> str:
    return ", ".join(map(str, values))


class QuestionRow(PortalForm):
    """One question. Answers to choose stand one in a line with their points; a number's points begin at a number."""

    code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    text = forms.CharField(label=_("Question"), max_length=300, validators=[no_control_characters])
    help = forms.CharField(label=_("Explanation"), max_length=300, required=False, validators=[no_control_characters])
    kind = forms.ChoiceField(label=_("Answer"), choices=QuestionKind.choices, initial=QuestionKind.TEXT.value)
    points = forms.IntegerField(
        label=_("Points"),
        min_value=0,
        max_value=MOST_POINTS,
        required=False,
        help_text=_("For a yes, or for any text."),
    )
    answers = forms.CharField(
        label=_("Answers and points"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[no_control_characters_but_lines],
        help_text=_("One in each line: “Own customers = 3”. For a number: “10 = 3” gives 3 points from 10 on."),
    )
    is_required = forms.BooleanField(label=_("Must be answered"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, typed = cleaned.get("kind"), cleaned.get("answers", "")
        try:
            if kind == QuestionKind.CHOICE:
                cleaned["lines"] = _lines(typed)
                if len(cleaned["lines"]) < 2:
                    raise ValueError
            elif kind == QuestionKind.NUMBER:
                cleaned["steps"] = sorted((int(start), points) for start, points in _lines(typed))
        except ValueError:
            words = _("Write at least two answers, one in each line, such as “Own customers = 3”.")
            if kind == QuestionKind.NUMBER:
                words = _("Write numbers, one in each line, such as “10 = 3”.")
            self.add_error("answers", words)
        return cleaned

    def question(self, before: Question | None) -> Question:
        """Return what was typed; words that were not changed stay those of the product, in every language."""
        typed = self.cleaned_data
        is_same_text = before is not None and not before.text and wording(before) == typed["text"]
        return Question(
            code=before.code if before else f"own{uuid4().hex[:10]}",
            kind=QuestionKind(typed["kind"]),
            text="" if is_same_text else typed["text"],
            help=typed["help"],
            is_required=typed["is_required"],
            points=typed["points"] or 0,
            options=tuple(_option(text, points, before) for text, points in typed.get("lines", ())),
            steps=tuple(typed.get("steps", ())),
        )

    @staticmethod
    def shown(question: Question) -> dict[str, Any]:
        """Return what the row starts with."""
        lines = [f"{option_wording(option)} = {option.points}" for option in question.options]
        steps = [f"{start} = {points}" for start, points in question.steps]
        return {
            "code": question.code,
            "text": wording(question),
            "help": question.help,
            "kind": question.kind.value,
            "points": question.points or None,
            "answers": "\n".join(lines or steps),
            "is_required": question.is_required,
        }


class QuestionRows(forms.BaseFormSet):
    """All questions of a type, in their order."""

    def __init__(self, *args: Any, before: Iterable[Question], **kwargs: Any) -> None:
        self.before = {question.code: question for question in before}
        super().__init__(*args, initial=[QuestionRow.shown(q) for q in self.before.values()], **kwargs)

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("Position")
        form.fields["DELETE"].label = _("Remove")

    def questions(self) -> tuple[Question, ...]:
        """Return what was typed, in the order that was typed."""
        rows = [form.cleaned_data for form in self.ordered_forms]
        forms_ = [form for form, row in zip(self.ordered_forms, rows, strict=True) if row.get("text")]
        return tuple(form.question(self.before.get(form.cleaned_data["code"])) for form in forms_)


QuestionFormSet = forms.formset_factory(
    QuestionRow,
    formset=QuestionRows,
    extra=BLANK_ROWS,
    can_order=True,
    can_delete=True,
    max_num=QUESTIONS_AT_MOST,
    validate_max=True,
)


class PublicationForm(PortalForm):
    """From which day the draft applies."""

    effective_on = forms.DateField(label=_("In force from"))
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: Any, revision: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"effective_on": today, "revision": revision}, **kwargs)
        self.today = today

    def clean_effective_on(self) -> Any:
        day = self.cleaned_data["effective_on"]
        if day < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        return day


def _lines(typed: str) -> list[tuple[str, int]]:
    """Return texts and points; raises `ValueError` for a line without points."""
    found = []
    for line in filter(None, map(str.strip, typed.splitlines())):
        text, equals, points = line.rpartition("=")
        if not equals or not text.strip() or not 0 <= int(points) <= MOST_POINTS:
            raise ValueError(line)
        found.append((text.strip()[:200], int(points)))
    return found


def _option(text: str, points: int, before: Question | None) -> Option:
    """Return an answer under the code it had, if its words did not change."""
    known = {option_wording(option): option for option in before.options} if before else {}
    if text in known:
        return replace(known[text], points=points)
    return Option(code=f"own{uuid4().hex[:10]}", points=points, text=text)
