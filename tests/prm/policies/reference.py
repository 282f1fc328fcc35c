"""What conditions mean, written a second time and as plainly as possible, from what is stored and without the product.

Nothing here is clever: days are walked one by one, and what a missing part could be is tried both ways.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

ONE = timedelta(days=1)


class Unknown(Exception):
    """Something that is needed is missing."""


def answer(body, facts, today, rates):
    """Return True, False, or None where it cannot be said."""
    names = ("all", "any", "none", "at_least")
    if "field" in body or "total" in body:
        try:
            return compare(body, facts, today, rates)
        except Unknown:
            return None
    name = next(name for name in names if name in body)
    inner = body["of" if name == "at_least" else name]
    if "in" in body:
        if facts.get(body["in"]) is None:
            return None
        answers = [answer(inner, item, today, rates) for item in facts[body["in"]]]
    else:
        answers = [answer(part, facts, today, rates) for part in inner]
    return both_ways(name, body.get("at_least"), answers)


def both_ways(name, number, answers):
    """Try every way in which the unknown answers could turn out."""
    ways = product(*[[True, False] if found is None else [found] for found in answers])
    outcomes = {enough(name, number, sum(way), len(way)) for way in ways}
    return outcomes.pop() if len(outcomes) == 1 else None


def enough(name, number, held, total):
    return {"all": held == total, "any": held > 0, "none": held == 0, "at_least": number and held >= number}[name]


def compare(body, facts, today, rates):
    word = body["is"]
    if word in ("given", "not_given"):
        known = facts.get(body["field"]) not in (None, "")
        return known if word == "given" else not known
    if "other" in body:
        wanted = plain(need(facts, body["other"]))
    elif word == "between":
        low, high = body["value"]
        is_enough = compare({**body, "is": "at_least", "value": low}, facts, today, rates)
        return compare({**body, "is": "at_most", "value": high}, facts, today, rates) and is_enough
    else:
        wanted = read(body["value"])
    found = plain(need(facts, body["field"])) if "field" in body else total(body, wanted, facts, today, rates)
    return judge(word, found, wanted, today, rates)


def need(facts, name):
    if facts.get(name) in (None, ""):
        raise Unknown
    return facts[name]


def judge(word, found, wanted, today, rates):
    if word in ("has_any", "has_all", "has_none"):
        shared = [key for key in wanted if key in found]
        return {"has_any": bool(shared), "has_all": len(shared) == len(wanted), "has_none": not shared}[word]
    if word in ("one_of", "none_of"):
        return (squeezed(found) in [squeezed(word) for word in wanted]) is (word == "one_of")
    if word == "contains":
        return squeezed(wanted) in squeezed(found)
    if word == "starts_with":
        return squeezed(found)[: len(squeezed(wanted))] == squeezed(wanted)
    sign = order(found, wanted, today, rates)
    return {
        "is": sign == 0,
        "is_not": sign != 0,
        "over": sign > 0,
        "at_least": sign >= 0,
        "under": sign < 0,
        "at_most": sign <= 0,
    }[word]


def order(found, wanted, today, rates):
    """Return a number below, at or above zero."""
    if isinstance(found, bool):
        return 0 if found is wanted else 1
    if isinstance(found, str):
        return 0 if squeezed(found) == squeezed(wanted) else 1
    if isinstance(wanted, tuple) and wanted[0] == "money":
        return exchanged(found, wanted[2], rates) - wanted[1]
    if isinstance(found, tuple) and found[0] == "span":
        return span_order(found[1], found[2], wanted)
    if isinstance(found, date):
        return (found - (wanted if isinstance(wanted, date) else shifted(today, wanted))).days
    return found - Fraction(wanted)


def exchanged(money, currency, rates):
    _kind, amount, source = money
    if source == currency:
        return amount
    if (source, currency) not in rates:
        raise Unknown
    return amount * Fraction(rates[source, currency].rate)


def squeezed(text):
    return " ".join(text.casefold().split())


def span_order(start, end, wanted):
    _kind, count, unit = wanted
    if unit == "months":
        return (end - shifted(start, wanted)).days
    step = ONE if start <= end else -ONE
    passed, day = 0, start
    while day != end:
        day += step
        passed += unit == "days" or day.weekday() < 5
    return passed * step.days - count


def shifted(day, duration):
    _kind, count, unit = duration
    if unit == "months":
        number = day.year * 12 + day.month - 1 + count
        for last in (day.day, 30, 29, 28):
            try:
                return date(number // 12, number % 12 + 1, min(last, day.day))
            except ValueError:
                continue
    step = ONE if count > 0 else -ONE
    left = abs(count)
    while left:
        day += step
        left -= unit == "days" or day.weekday() < 5
    return day


# -- figures about a collection --------------------------------------------------------------------------
def total(body, wanted, facts, today, rates):
    if facts.get(body["total"]) is None:
        raise Unknown
    counted = []
    for item in facts[body["total"]]:
        if "window" in body:
            if item.get("on") is None:
                raise Unknown
            if not within(body["window"], item["on"], today):
                continue
        fits = answer(body["where"], item, today, rates) if "where" in body else True
        if fits is None:
            raise Unknown
        if fits:
            counted.append(item)
    if body["how"] == "count":
        return Fraction(len(counted))
    found = [plain(need(item, body["of"])) for item in counted]
    if body["how"] == "distinct":
        return Fraction(len({squeezed(text) for text in found}))
    currency = wanted[2] if isinstance(wanted, tuple) else None
    numbers = [exchanged(money, currency, rates) if currency else money for money in found]
    if body["how"] == "highest":
        if not numbers:
            raise Unknown
        figure = sorted(numbers)[-1]
    else:
        figure = sum(numbers, Fraction(0))
    return ("money", figure, currency) if currency else figure


def within(window, day, today):
    if window["kind"] == "rolling_days":
        return 0 <= (today - day).days < window["length"]
    if window["kind"] == "rolling_months":
        return shifted(today, ("duration", -window["length"], "months")) < day <= today
    months = {"month": 1, "quarter": 3, "year": 12}[window["kind"]]

    def number(of):
        return (of.year * 12 + of.month - window["year_starts_in"]) // months

    return number(day) == number(today) - window["back"]


# -- values ----------------------------------------------------------------------------------------------
def read(body):
    """Return a stored value as something plain."""
    if isinstance(body, dict):
        if "currency" in body:
            return ("money", Fraction(body["amount"]), body["currency"])
        return ("duration", body["count"], body["unit"])
    if isinstance(body, str):
        try:
            return date.fromisoformat(body)
        except ValueError:
            pass
        try:
            return Fraction(body)
        except ValueError:
            return body
    return body


def plain(fact):
    """Return a fact as something plain."""
    if hasattr(fact, "currency"):
        return ("money", Fraction(fact.amount), fact.currency)
    if hasattr(fact, "start"):
        return ("span", fact.start, fact.end)
    if isinstance(fact, bool | str | date | frozenset):
        return fact
    return Fraction(fact)
