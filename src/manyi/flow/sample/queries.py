"""Who is in a wave's frame, in which tier and why, and how far the floors are reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from manyi.base.customers.models import Customer
from manyi.base.customers.queries import get_customers_by_code, list_bought_products, list_sales
from manyi.core.customer_facts import facts_of
from manyi.core.limits import Limit
from manyi.core.predicates import Facts, Or, Predicate, Value, holds, truth_of
from manyi.core.text import Text
from manyi.core.tiers import ALL, Coverage, Tier, judge, place
from manyi.core.waves import WaveRules
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import get_rules
from manyi.flow.procedure.queries import read_revision
from manyi.flow.sample.models import Draw
from manyi.language.reading.words import Book, condition, name

NO_TIER = Text("未归入任何一层", "In no tier")
EVERYBODY = Text("全部顾客", "All customers")
NO_SALES = Text("当年没有登记的销售", "No sales of the year are recorded")
NOT_MET = Text("不符合总体条件", "The condition of the frame does not hold")
SINCE = Text("确定总体之后才登记", "Recorded after the frame was drawn")


@dataclass(frozen=True, slots=True)
class Frame:
    """The customers of a wave by code, with the exact facts used and the tier each landed in."""

    customers: dict[str, Facts]
    tiers: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Check:
    """A condition in words and whether it holds; ``None`` where a fact is not known."""

    words: Text
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Member:
    """A customer with the facts used, where it landed and why; ``out`` says why it is not in the frame."""

    customer: Customer
    facts: tuple[tuple[Text, Value], ...]
    tier: Text | None
    checks: tuple[Check, ...]
    out: Text | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """One tier, or one floor on several, with what its limit asks for: how many of its customers at least."""

    key: str
    title: Text
    clause: str
    words: Text | None
    population: int
    limit: Limit | None
    is_tier: bool

    @property
    def needed(self) -> int | None:
        """How many customers have to be asked; ``None`` without a limit."""
        if self.limit is None or self.limit.word not in ("at_least", "above"):
            return None
        exact = self.limit.value * self.population
        return ceil(exact) if self.limit.word == "at_least" else int(exact) + 1


def compute_frame(wave: Wave) -> Frame:
    """The frame as the register says now: the programme's customers with their facts, placed in tiers."""
    rules = get_rules(wave)
    facts = _facts_now(wave, rules)
    members = {c: f for c, f in facts.items() if rules.frame is None or holds(rules.frame, f)}
    return Frame(members, place(rules.tiers, members))


def get_frame(wave: Wave) -> Frame:
    """The frame as it was drawn; where it was not yet, as it would be drawn now."""
    if not has_frame(wave):
        return compute_frame(wave)
    rows = list(wave.frame.values_list("customer__code", "tier", "facts").order_by("customer__code"))
    return Frame(
        {code: {fact: _value(text) for fact, text in facts.items()} for code, _, facts in rows},
        {code: tier or None for code, tier, _ in rows},
    )


def has_frame(wave: Wave) -> bool:
    """Whether the frame was drawn."""
    return find_draw(wave) is not None


def find_draw(wave: Wave) -> Draw | None:
    """When, by whom and with how many customers the frame was drawn, if it was."""
    return Draw.objects.select_related("drawn_by").filter(wave=wave).first()


def list_coverage(wave: Wave, asked: frozenset[str]) -> tuple[Coverage, ...]:
    """Coverage of every tier and floor by the customers ``asked``."""
    rules = get_rules(wave)
    return judge(rules.tiers, rules.floors, get_frame(wave).customers, asked)


def list_candidates(wave: Wave, rules: WaveRules) -> list[tuple[str, str]]:
    """Whom to ask about what: every customer of the frame with each product bought in the wave's year."""
    return candidates_of(wave, rules, get_frame(wave))


def candidates_of(wave: Wave, rules: WaveRules, frame: Frame) -> list[tuple[str, str]]:
    """The same of a frame already read."""
    if not rules.per_product:
        return [(customer, "") for customer in sorted(frame.customers)]
    bought = list_bought_products(unit=wave.unit, year=wave.year)
    return sorted((customer, product) for customer, product in bought if customer in frame.customers)


def list_shares(wave: Wave, frame: Frame) -> list[Share]:
    """Every tier, then every floor on several, with what has to be reached."""
    rules, book = get_rules(wave), _book(wave)
    tiers = {t.key: t for t in rules.tiers}
    floors = {f.key: f for f in rules.floors}
    rows = judge(rules.tiers, rules.floors, frame.customers, None)
    return [
        Share(
            row.tier, title_of(rules, row.tier), row.clause, _where(book, tiers.get(row.tier), floors.get(row.tier)),
            row.population, row.limit, is_tier=n < len(rules.tiers),
        )
        for n, row in enumerate(rows)
    ]  # fmt: skip


def title_of(rules: WaveRules, key: str | None) -> Text:
    """What people call a tier, or a floor on several."""
    if not key:
        return NO_TIER
    if key == ALL:
        return EVERYBODY
    return next((tier.title for tier in rules.tiers if tier.key == key), Text(key, key))


def list_codes(frame: Frame, tier: str | None) -> list[str]:
    """The customers of a tier (``""``: of none, ``None``: all), largest sales first."""
    codes = [c for c in frame.customers if tier is None or (frame.tiers[c] or "") == tier]
    return sorted(codes, key=lambda code: (-_amount(frame.customers[code]), code))


def list_members(wave: Wave, frame: Frame, codes: Sequence[str]) -> list[Member]:
    """Some customers of the frame with their facts and why they are where they are."""
    rules, book = get_rules(wave), _book(wave)
    known = get_customers_by_code(codes)
    tiers = {tier.key: tier for tier in rules.tiers}
    return [_member(book, rules, known[c], frame.customers[c], tiers.get(frame.tiers[c] or "")) for c in codes]


def explain(wave: Wave, frame: Frame, customers: Iterable[Customer]) -> list[Member]:
    """Why each customer is in the frame and in its tier, or why it is not in the frame."""
    rules, book, drawn = get_rules(wave), _book(wave), has_frame(wave)
    now = _facts_now(wave, rules)
    tiers = {tier.key: tier for tier in rules.tiers}
    found = []
    for customer in customers:
        code = customer.code
        if code in frame.customers:
            found.append(_member(book, rules, customer, frame.customers[code], tiers.get(frame.tiers[code] or "")))
            continue
        facts = now.get(code, {})
        inside = bool(facts) and (rules.frame is None or holds(rules.frame, facts))
        out = SINCE if drawn and inside else NOT_MET if facts else NO_SALES
        checks = _checks(book, rules.frame, facts) if rules.frame else ()
        found.append(Member(customer, _named(book, rules, facts), None, checks, out))
    return found


def list_outside(wave: Wave, frame: Frame) -> list[str]:
    """Customers with sales in the wave's year that are not in its frame."""
    return sorted(set(_facts_now(wave, get_rules(wave))) - frame.customers.keys())


def _member(book: Book, rules: WaveRules, customer: Customer, facts: Facts, tier: Tier | None) -> Member:
    checks = _checks(book, tier.where, facts) if tier else ()
    return Member(customer, _named(book, rules, facts), tier.title if tier else None, checks)


def _checks(book: Book, where: Predicate, facts: Facts) -> tuple[Check, ...]:
    parts = where.parts if isinstance(where, Or) else (where,)
    return tuple(Check(condition(book, part), truth_of(part, facts)) for part in parts)


def _named(book: Book, rules: WaveRules, facts: Facts) -> tuple[tuple[Text, Value], ...]:
    order = ["annual_sales", *(rank.name for rank in rules.ranks)]
    return tuple((name(book, key), facts[key]) for key in order if key in facts)


def _where(book: Book, tier: Tier | None, floor: object) -> Text | None:
    where: Predicate | None = tier.where if tier else getattr(floor, "where", None)
    return condition(book, where) if where is not None else None


def _book(wave: Wave) -> Book:
    return Book(read_revision(wave.revision))


def _facts_now(wave: Wave, rules: WaveRules) -> Mapping[str, Facts]:
    return facts_of(list_sales(unit=wave.unit, year=wave.year), rules.ranks)


def _amount(facts: Facts) -> Fraction:
    amount = facts.get("annual_sales")
    return amount if isinstance(amount, Fraction) else Fraction(0)


def _value(text: str) -> Fraction | str:
    try:
        return Fraction(text)
    except ValueError:
        return text
