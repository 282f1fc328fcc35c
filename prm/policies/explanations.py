"""What is wrong with rules, what to look at again and what changed between two versions, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.policies import wording
from prm.policies.checking import Doubt, Finding
from prm.policies.differences import Change, StepChange, What
from prm.policies.fields import Catalogue, Effect, Label, Merge
from prm.policies.merging import Merging
from prm.policies.rulesets import Mode, Rule, RuleSet
from prm.policies.values import Problem

PROBLEMS: Mapping[str, Label] = {
    "mapping": gettext_lazy("Something else stands here than a set of named values."),
    "list": gettext_lazy("A list belongs here."),
    "unknown_key": gettext_lazy("“%(key)s” means nothing here."),
    "unknown_field": gettext_lazy("There is no field “%(name)s”."),
    "retired_field": gettext_lazy("“%(name)s” is retired. Choose another field, or bring it back first."),
    "cycle": gettext_lazy("These fields would wait for each other: %(names)s."),
    "amount": gettext_lazy("The amount is zero or more, and not larger than this portal can keep."),
    "address": gettext_lazy("Write a web address that begins with https:// or http://."),
    "mailbox": gettext_lazy("Write an e-mail address."),
    "unknown_collection": gettext_lazy("There is nothing called “%(name)s” to count or look through."),
    "unknown_word": gettext_lazy("“%(name)s” is none of the words that can stand here."),
    "no_condition": gettext_lazy("Neither a comparison nor a group."),
    "deep": gettext_lazy("Groups are nested deeper than %(most)s levels."),
    "many": gettext_lazy("There are more than %(most)s parts."),
    "operator": gettext_lazy("Facts of this kind cannot be compared like that."),
    "other": gettext_lazy("It cannot be compared with this field."),
    "no_window": gettext_lazy("These have no day by which they could be counted."),
    "not_added": gettext_lazy("This field cannot be counted like that."),
    "merge": gettext_lazy("Values of this kind cannot be merged like that."),
    "twice": gettext_lazy("The key “%(key)s” is used twice."),
    "missing": gettext_lazy("Something is missing here."),
    "text": gettext_lazy("Write something."),
    "quotes": gettext_lazy("A text is expected here. Put it in quotes."),
    "long": gettext_lazy("At most %(most)s characters."),
    "number": gettext_lazy("Write a number, without a thousands separator and with a point before decimals."),
    "not_whole": gettext_lazy("Write a whole number."),
    "whole": gettext_lazy("Write a whole number from %(least)s to %(most)s."),
    "between": gettext_lazy("Write a number from %(least)s to %(most)s."),
    "ascending": gettext_lazy("Each is higher than the one before."),
    "day": gettext_lazy("Write a day as year-month-day."),
    "unit": gettext_lazy("Choose days, business days or months."),
    "currency": gettext_lazy("Choose a currency that is in use."),
    "currencies": gettext_lazy("Both amounts need the same currency."),
    "boolean": gettext_lazy("Choose yes or no."),
    "choice": gettext_lazy("“%(key)s” cannot be chosen."),
    "keys": gettext_lazy("Give exactly these: %(names)s."),
    "size": gettext_lazy("Choose at least one and at most %(most)s."),
    "two": gettext_lazy("Give a lower and an upper value."),
    "key": gettext_lazy("A key has only letters from a to z, digits and dashes."),
    "key_taken": gettext_lazy("Another step has the key “%(key)s”."),
    "who": gettext_lazy("Choose a role, a person or whoever looks after the partner."),
    "unknown_role": gettext_lazy("There is no role “%(name)s”."),
    "unknown_person": gettext_lazy("Somebody who is named does not work here any more."),
    "nobody_asked": gettext_lazy("Say who is asked."),
    "nobody_above": gettext_lazy("Everybody has a limit, so that nobody could agree above it. Leave one without."),
    "asked_twice": gettext_lazy("Somebody is named twice."),
    "too_few_asked": gettext_lazy("%(need)s have to agree, but only %(asked)s are asked."),
    "limit": gettext_lazy("A limit is more than zero."),
    "time": gettext_lazy("Give a number of business hours or days."),
    "timeout_without_next": gettext_lazy("Say who may decide too when the time is over."),
    "next_without_timeout": gettext_lazy("Say after how long they may decide too."),
}
DOUBTS: Mapping[Doubt, Label] = {
    Doubt.EMPTY: gettext_lazy("A group of “%(first)s” has no parts."),
    Doubt.IMPOSSIBLE: gettext_lazy("A condition of “%(first)s” can never hold."),
    Doubt.UNREACHABLE: gettext_lazy("“%(first)s” is never reached: rules before it match first."),
    Doubt.NO_EFFECT: gettext_lazy("“%(first)s” has no effect."),
    Doubt.NO_DEFAULT: gettext_lazy("Nothing says what “%(effect)s” is when no rule matches."),
    Doubt.CONFLICT: gettext_lazy("“%(first)s” and “%(second)s” can match together and contradict each other."),
    Doubt.OVERLAP: gettext_lazy("“%(first)s” and “%(second)s” can match together; the first of them counts."),
}
MODES: Mapping[Mode, Label] = {
    Mode.FIRST: gettext_lazy("the first rule that matches"),
    Mode.ALL: gettext_lazy("all rules that match"),
}
MERGES: Mapping[Merge, Label] = {
    Merge.HIGHEST: gettext_lazy("the highest counts"),
    Merge.LOWEST: gettext_lazy("the lowest counts"),
    Merge.FIRST: gettext_lazy("the first counts"),
    Merge.SUM: gettext_lazy("they are added up"),
    Merge.UNION: gettext_lazy("all of them count"),
    Merge.EXCLUSIVE: gettext_lazy("they cannot be combined"),
}
CHANGES: Mapping[What, Label] = {
    What.MODE: gettext_lazy("It follows %(after)s; before: %(before)s."),
    What.ADDED: gettext_lazy("“%(rule)s” is new, in place %(after)s."),
    What.REMOVED: gettext_lazy("“%(rule)s” is gone."),
    What.MOVED: gettext_lazy("“%(rule)s” moved from place %(before)s to %(after)s."),
    What.RENAMED: gettext_lazy("“%(rule)s” was called “%(before)s”."),
    What.CONDITION: gettext_lazy("“%(rule)s” now asks: %(after)s; before: %(before)s."),
    What.EFFECT: gettext_lazy("“%(rule)s”: %(effect)s is now %(after)s; before: %(before)s."),
    What.DEFAULT: gettext_lazy("Unless a rule says otherwise, %(effect)s is now %(after)s; before: %(before)s."),
    What.MERGING: gettext_lazy("If several rules give %(effect)s: %(after)s; before: %(before)s."),
}


def problem(found: Problem) -> str:
    """Return what is wrong with something that was typed or imported."""
    facts = {name: ", ".join(fact) if isinstance(fact, tuple) else fact for name, fact in found.facts.items()}
    return str(PROBLEMS[found.code]) % facts


def place(found: Problem) -> str:
    """Return where it stands, counted as people count: rules 2, when, all 1."""
    return " ".join(f"{step + 1}," if isinstance(step, int) else step for step in found.path).rstrip(",")


def finding(found: Finding, catalogue: Catalogue) -> str:
    """Return what an administrator should look at again, with an example if there is one."""
    first, second = (*found.rules, None, None)[:2]
    said = str(DOUBTS[found.doubt]) % {
        "first": first.name if first else "",
        "second": second.name if second else "",
        "effect": found.effect.field.label if found.effect else "",
    }
    return f"{said} {example(found, catalogue)}".strip()


def example(found: Finding, catalogue: Catalogue) -> str:
    """Return the facts of an example: For example: value $30,000, tier Gold."""
    known = [field for field in catalogue.fields if field.name in found.example]
    facts = ", ".join(wording.known(field, found.example[field.name]) for field in known)
    return _("For example: %(facts)s.") % {"facts": facts} if facts else ""


def change(found: Change, rules: RuleSet) -> str:
    """Return one difference between two versions; `rules` is the later one."""
    if found.what == What.STOPS:
        said = _("After “%(rule)s” no other rule is followed.") if found.after else _("“%(rule)s” no longer stops.")
    else:
        said = str(CHANGES[found.what])
    effect = rules.catalogue.effect.get(found.effect)
    return said % {
        "rule": found.rule.name if found.rule else "",
        "effect": effect.field.label if effect else found.effect,
        "before": _side(found, found.before, effect),
        "after": _side(found, found.after, effect),
    }


def step(found: StepChange) -> str:
    """Return what changed about an approval step."""
    if found.before is None:
        return _("The approval step “%(step)s” is new.") % {"step": found.after}
    if found.after is None:
        return _("The approval step “%(step)s” is gone.") % {"step": found.before}
    return _("The approval step “%(step)s” is another one than before.") % {"step": found.after}


def _side(found: Change, side: Any, effect: Effect | None) -> str:
    if found.what == What.CONDITION:
        return wording.text(wording.sentence(side)) if side else _("nothing, it always matches")
    if side is None:
        return _("nothing")
    if isinstance(side, Mode):
        return str(MODES[side])
    if isinstance(side, Merging) and effect:
        return merging(side, effect)
    return wording.value(effect.field, side, "standard") if effect else str(side)


def merging(how: Merging, effect: Effect) -> str:
    """Return what becomes of an effect that several rules give."""
    if how.cap is None:
        return str(MERGES[how.merge])
    names = {"merging": MERGES[how.merge], "cap": wording.value(effect.field, how.cap)}
    return _("%(merging)s, up to %(cap)s") % names


def rule(one: Rule, catalogue: Catalogue) -> str:
    """Return a whole rule in one sentence: If value is at least $25,000: decision Approve."""
    effects = ", ".join(
        f"{catalogue.effect[name].field.label} {wording.value(catalogue.effect[name].field, value, 'standard')}"
        for name, value in one.then.items()
    )
    if one.when is None:
        return _("Always: %(effects)s") % {"effects": effects or _("nothing")}
    names = {"condition": wording.text(wording.sentence(one.when)), "effects": effects or _("nothing")}
    return _("If %(condition)s: %(effects)s") % names
