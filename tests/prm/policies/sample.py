"""A catalogue like that of deal registrations, and conditions, facts and rules over it for properties."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from prm.money import Money
from prm.policies.conditions import (
    OPERATORS,
    ORDERED,
    REFERABLE,
    REFERRING,
    WITH_SEVERAL,
    WITHOUT_VALUE,
    Comparison,
    Each,
    Group,
    How,
    Junction,
    Operator,
    Other,
    Total,
)
from prm.policies.evaluation import Facts, Rate
from prm.policies.fields import NUMERIC, Catalogue, Choice, Collection, Effect, Field, Kind, Merge
from prm.policies.periods import Duration, Span, Unit, Window, WindowKind
from prm.policies.rulesets import Merging, Mode, Rule, RuleSet

TODAY = date(2026, 11, 26)


def choices(*keys):
    return tuple(Choice(key, key.title()) for key in keys)


VALUE = Field("value", "value", Kind.MONEY)
LIMIT = Field("limit", "limit of the partner", Kind.MONEY)
USERS = Field("users", "users", Kind.NUMBER, is_whole=True)
SCORE = Field("score", "score", Kind.NUMBER, unit="points")
SHARE = Field("share", "share", Kind.PERCENT)
CUSTOMER = Field("customer", "customer", Kind.TEXT)
TIER = Field("tier", "tier", Kind.CHOICE, choices=choices("open", "select", "gold"))
SKILLS = Field("skills", "certifications", Kind.CHOICES, choices=choices("sales", "cloud", "edge"))
LISTS = Field("lists", "customer", Kind.LISTS, choices=choices("named", "target"))
TENDER = Field("tender", "it is a tender", Kind.BOOLEAN, denial="it is no tender")
CLOSE_ON = Field("close_on", "expected close", Kind.DAY)
APPROVED_ON = Field("approved_on", "day of approval", Kind.DAY)
LEAD_TIME = Field("lead_time", "time ahead", Kind.DURATION)

LINES = Collection(
    "lines",
    "lines",
    (
        Field("units", "units", Kind.NUMBER, is_whole=True),
        Field("amount", "amount", Kind.MONEY),
        Field("family", "family", Kind.CHOICE, choices=choices("cloud", "edge")),
        Field("sku", "article", Kind.TEXT),
    ),
    named_by="sku",
)
HISTORY = Collection(
    "registrations",
    "registrations",
    (
        Field("on", "day", Kind.DAY),
        Field("status", "status", Kind.CHOICE, choices=choices("won", "lost")),
        Field("worth", "value", Kind.MONEY),
    ),
    dated_by="on",
)
DECISION = Effect(
    Field("decision", "decision", Kind.CHOICE, choices=choices("approve", "person", "refuse")), is_required=True
)
DISCOUNT = Effect(Field("discount", "discount", Kind.PERCENT), Merge.SUM)
PROTECTION = Effect(Field("protection", "protection", Kind.DURATION), Merge.HIGHEST)
APPROVERS = Effect(
    Field("approvers", "approvers", Kind.CHOICES, choices=choices("legal", "manager", "finance")), Merge.UNION
)
BONUS = Effect(Field("bonus", "bonus", Kind.MONEY), Merge.EXCLUSIVE)

FIELDS = (
    VALUE,
    LIMIT,
    USERS,
    SCORE,
    SHARE,
    CUSTOMER,
    TIER,
    SKILLS,
    LISTS,
    TENDER,
    CLOSE_ON,
    APPROVED_ON,
    LEAD_TIME,
)
CATALOGUE = Catalogue(FIELDS, (LINES, HISTORY), (DECISION, DISCOUNT, PROTECTION, APPROVERS, BONUS))
RATES = {("USD", "EUR"): Rate("USD", "EUR", Decimal("0.9"), date(2026, 11, 12))}


def eur(amount):
    return Money(Decimal(amount), "EUR")


def usd(amount):
    return Money(Decimal(amount), "USD")


def facts(rates=RATES, today=TODAY, **values):
    return Facts(values, today, rates=rates)


def every(*parts):
    return Group(Junction.ALL, parts)


def some(*parts):
    return Group(Junction.ANY, parts)


def no(*parts):
    return Group(Junction.NONE, parts)


def is_(field, value):
    return Comparison(field, Operator.IS, value)


def least(field, value):
    return Comparison(field, Operator.AT_LEAST, value)


def most(field, value):
    return Comparison(field, Operator.AT_MOST, value)


# -- small domains, so that what is claimed meets what is drawn -------------------------------------------
NUMBERS = st.sampled_from([Decimal(number) for number in ("0", "1", "2", "2.5", "3")])
WHOLE = st.sampled_from([Decimal(number) for number in range(4)])
AMOUNTS = st.builds(Money, NUMBERS, st.sampled_from(["EUR", "USD", "CHF"]))
DAYS = st.sampled_from([TODAY + timedelta(days=offset) for offset in (-400, -95, -31, -1, 0, 1, 3, 14, 45)])
DURATIONS = st.builds(Duration, st.integers(-2, 4), st.sampled_from(list(Unit)))
TEXTS = st.sampled_from(["Globex", "globex  ", "Initech", "Globex Ltd"])


def facts_of(field):
    match field.kind:
        case Kind.MONEY:
            return AMOUNTS
        case Kind.NUMBER | Kind.PERCENT:
            return WHOLE if field.is_whole else NUMBERS
        case Kind.DAY:
            return DAYS
        case Kind.DURATION:
            return st.builds(Span, DAYS, DAYS)
        case Kind.BOOLEAN:
            return st.booleans()
        case Kind.CHOICE:
            return st.sampled_from([choice.key for choice in field.choices])
        case Kind.CHOICES | Kind.LISTS:
            return st.frozensets(st.sampled_from([choice.key for choice in field.choices]))
    return TEXTS


def item_of(collection):
    return st.fixed_dictionaries({}, optional={field.name: facts_of(field) for field in collection.fields})


def whole_facts():
    """Return strategies of facts of which any may be missing."""
    fields = {field.name: facts_of(field) for field in FIELDS}
    collections = {found.name: st.lists(item_of(found), max_size=4) for found in (LINES, HISTORY)}
    values = st.fixed_dictionaries({}, optional={**fields, **collections})
    return st.builds(Facts, values, st.just(TODAY), rates=st.sampled_from([{}, RATES]))


@st.composite
def value_of(draw, field, operator):
    if operator in WITHOUT_VALUE:
        return None
    if operator in WITH_SEVERAL:
        words = TEXTS if field.kind == Kind.TEXT else st.sampled_from([choice.key for choice in field.choices])
        return draw(st.frozensets(words, min_size=1))
    if operator == Operator.BETWEEN:
        low, high = draw(single_of(field)), draw(single_of(field))
        if isinstance(low, Money):
            high = Money(high.amount, low.currency)
        return low, high
    if field.kind in REFERABLE and operator in REFERRING and draw(st.integers(0, 5)) == 0:
        others = [other for other in FIELDS if other.kind == field.kind]
        return Other(draw(st.sampled_from(others))) if field in FIELDS else draw(single_of(field))
    return draw(single_of(field))


def single_of(field):
    if field.kind == Kind.DURATION:
        return DURATIONS
    if field.kind == Kind.DAY:
        return DAYS | DURATIONS
    return facts_of(field)


@st.composite
def comparisons(draw, fields=FIELDS):
    field = draw(st.sampled_from(fields))
    operator = draw(st.sampled_from(OPERATORS[field.kind]))
    return Comparison(field, operator, draw(value_of(field, operator)))


@st.composite
def windows(draw):
    kind = draw(st.sampled_from(list(WindowKind)))
    if kind in (WindowKind.ROLLING_DAYS, WindowKind.ROLLING_MONTHS):
        return Window(kind, length=draw(st.integers(1, 14)))
    return Window(kind, back=draw(st.integers(0, 2)), year_starts_in=draw(st.sampled_from([1, 2, 7])))


@st.composite
def totals(draw):
    collection = draw(st.sampled_from([LINES, HISTORY]))
    how = draw(st.sampled_from(list(How)))
    fit = (Kind.TEXT, Kind.CHOICE) if how == How.DISTINCT else NUMERIC
    field = None if how == How.COUNT else draw(st.sampled_from([f for f in collection.fields if f.kind in fit]))
    window = draw(st.none() | windows()) if collection.dated_by else None
    where = draw(st.none() | conditions(collection.fields, with_collections=False))
    total = Total(collection, how, field, window, where)
    operator = draw(st.sampled_from(ORDERED))
    about = field if total.kind == Kind.MONEY else USERS if field is None or how == How.DISTINCT else field
    return Comparison(total, operator, draw(value_of(about, operator)))


@st.composite
def each(draw):
    collection = draw(st.sampled_from([LINES, HISTORY]))
    inner = draw(conditions(collection.fields, with_collections=False))
    junction, number = draw(counts())
    return Each(collection, junction, inner, number)


@st.composite
def counts(draw):
    junction = draw(st.sampled_from(list(Junction)))
    return junction, draw(st.integers(1, 3)) if junction == Junction.AT_LEAST else 1


@st.composite
def groups(draw, parts):
    junction, number = draw(counts())
    return Group(junction, tuple(draw(st.lists(parts, max_size=4))), number)


def conditions(fields=FIELDS, *, with_collections=True, size=6):
    leaves = comparisons(fields)
    if with_collections:
        leaves = leaves | totals() | each()
    return st.recursive(leaves, groups, max_leaves=size)


@st.composite
def effects(draw):
    given = {}
    for effect in CATALOGUE.effects:
        if draw(st.booleans()):
            given[effect.name] = draw(effect_values(effect))
    return given


def effect_values(effect):
    match effect.field.kind:
        case Kind.DURATION:
            return DURATIONS
        case Kind.CHOICES:
            return st.frozensets(st.sampled_from([choice.key for choice in effect.field.choices]), min_size=1)
    return facts_of(effect.field)


@st.composite
def mergings(draw):
    found = {}
    for effect in CATALOGUE.effects:
        if draw(st.booleans()):
            merge = draw(st.sampled_from(effect.merges))
            cap = draw(st.none() | effect_values(effect)) if merge == Merge.SUM else None
            found[effect.name] = Merging(merge, cap)
    return found


@st.composite
def rule_sets(draw, when=None, most_rules=4):
    """Draw rules with keys of their own; `when` draws the condition, nothing for one that always matches."""
    when = when if when is not None else st.none() | conditions(size=3)
    keys = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=most_rules))
    rules = tuple(Rule(key, key.upper(), draw(when), draw(effects()), draw(st.booleans())) for key in keys)
    return RuleSet(CATALOGUE, rules, draw(st.sampled_from(list(Mode))), draw(effects()), draw(mergings()))
