"""How what was typed or sent is read, kind by kind; what is no value is refused with words for the person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from manyi.base.customers.queries import list_visible_customers, list_visible_projects
from manyi.core.flows import FieldRule
from manyi.flow.records.room import Room, Wrong
from manyi.flow.records.widgets import CURRENCIES
from manyi.web.language import reader_language

MOST_TEXT = 10_000
_NUMBER = re.compile(r"[+-]?\d{1,14}(\.\d{1,4})?")
_MONEY = re.compile(r"(?P<amount>[+-]?[\d,]{1,20}(\.\d{1,2})?)(\s+(?P<currency>[A-Z]{3}))?")


def read_text(_rule: FieldRule, raw: Any, _room: Room) -> str:
    """A text as it was typed, without the blanks around it."""
    said = str(raw).strip().replace("\x00", "")
    if len(said) > MOST_TEXT:
        raise Wrong(f"超过 {MOST_TEXT} 字", f"Longer than {MOST_TEXT} characters")
    return said


def read_number(_rule: FieldRule, raw: Any, _room: Room) -> str:
    """A number, exactly as it was meant."""
    said = str(raw).strip().replace(",", "")
    if not _NUMBER.fullmatch(said):
        raise Wrong("应为数字，小数至多 4 位", "Expected a number with at most 4 decimals")
    return format(Decimal(said).normalize(), "f")


def read_money(_rule: FieldRule, raw: Any, _room: Room) -> dict[str, str]:
    """An amount in one currency."""
    said = f"{raw.get('amount', '')} {raw.get('currency', '')}" if isinstance(raw, dict) else str(raw)
    match = _MONEY.fullmatch(said.strip())
    if match is None:
        raise Wrong(
            "应为一个金额和一种币种，例如 1200.50 CNY", "Expected one amount in one currency, such as 1200.50 CNY"
        )
    currency = match["currency"] or CURRENCIES[0]
    if currency not in CURRENCIES:
        raise Wrong(f"币种应为 {'、'.join(CURRENCIES)}", f"The currency is one of {', '.join(CURRENCIES)}")
    try:
        amount = Decimal(match["amount"].replace(",", ""))
    except InvalidOperation:
        raise Wrong("应为金额", "Expected an amount") from None
    return {"amount": f"{amount:.2f}", "currency": currency}


def read_date(_rule: FieldRule, raw: Any, _room: Room) -> str:
    """A day."""
    try:
        day = date.fromisoformat(str(raw).strip())
    except ValueError:
        raise Wrong("应为日期，例如 2026-12-05", "Expected a day, such as 2026-12-05") from None
    if not 1990 <= day.year <= 2199:
        raise Wrong("日期应在 1990 至 2199 年间", "Expected a day from 1990 to 2199")
    return day.isoformat()


def read_datetime(_rule: FieldRule, raw: Any, _room: Room) -> str:
    """A day and time; without an offset it is the local one."""
    try:
        when = datetime.fromisoformat(str(raw).strip())
        aware = when if when.tzinfo else timezone.make_aware(when)
        if not 1990 <= aware.year <= 2199:
            raise ValueError(raw)
    except (ValueError, OverflowError):
        raise Wrong(
            "应为日期和时间，例如 2026-12-05 09:30", "Expected day and time, such as 2026-12-05 09:30"
        ) from None
    return aware.isoformat(timespec="minutes")


def read_yes_no(_rule: FieldRule, raw: Any, _room: Room) -> bool:
    """Yes or no."""
    if raw in (True, False, "yes", "no"):
        return raw in (True, "yes")
    raise Wrong("应选是或否", "Choose yes or no")


def read_choice(rule: FieldRule, raw: Any, room: Room) -> str:
    """One of those that may be chosen."""
    return _one_of(str(raw), [key for key, _ in choices_of(rule, room)])


def read_several(rule: FieldRule, raw: Any, room: Room) -> list[str]:
    """Some of those that may be chosen, in their order."""
    allowed = [key for key, _ in choices_of(rule, room)]
    chosen = [_one_of(str(one), allowed) for one in (raw if isinstance(raw, list | tuple) else [raw])]
    return sorted(set(chosen), key=allowed.index)


def _one_of(key: str, allowed: Iterable[str]) -> str:
    if key in allowed:
        return key
    raise Wrong("请在列出的选项中选择", "Choose one of those that are listed")


def read_ref(rule: FieldRule, raw: Any, room: Room) -> int:
    """The key of a row that may be chosen."""
    return int(read_choice(rule, raw, room))


def read_refs(rule: FieldRule, raw: Any, room: Room) -> list[int]:
    """The keys of rows that may be chosen."""
    return [int(key) for key in read_several(rule, raw, room)]


def read_customer(_rule: FieldRule, raw: Any, room: Room) -> int:
    """The customer that is meant by a number or a name."""
    rows = list_visible_customers(room.by)
    return _found(raw, rows, lambda said: rows.filter(code=said), lambda said: rows.filter(name=said),
                  lambda said: list_visible_customers(room.by, said))  # fmt: skip


def read_project(_rule: FieldRule, raw: Any, room: Room) -> int:
    """The project that is meant by its short or full name."""
    rows = list_visible_projects(room.by)
    return _found(raw, rows, lambda said: rows.filter(short=said), lambda said: rows.filter(name=said),
                  lambda said: list_visible_projects(room.by, said))  # fmt: skip


def read_record(rule: FieldRule, raw: Any, room: Room) -> int:
    """The record that is meant by its number."""
    rows = room.records.filter(kind=rule.of)
    return _found(raw, rows, lambda said: rows.filter(number=said), lambda said: rows.filter(number__icontains=said))


def _found(raw: Any, rows: Any, *searches: Callable[[str], Any]) -> int:
    """The one row that is meant by a key, a number or a name; refused where there is none, or several."""
    if isinstance(raw, int):
        if rows.filter(pk=raw).exists():
            return raw
        raise Wrong("没有找到", "Not found")
    said = str(raw).strip().split(" · ")[0]
    for search in searches:
        found = list(search(said)[:6])
        if len(found) == 1:
            return int(found[0].pk)
        if found:
            several = "、".join(str(row) for row in found[:5])
            raise Wrong(f"不止一个符合：{several}", f"More than one fits: {several}")
    raise Wrong(f"没有找到“{said[:40]}”", f"Nothing found for “{said[:40]}”")


def choices_of(rule: FieldRule, room: Room) -> list[tuple[str, str]]:
    """What may be chosen in a field: key and words."""
    lang = reader_language()
    match rule.kind:
        case "product":
            return room.products
        case "unit":
            return room.units
        case "user" | "users":
            return room.people
        case "role" | "roles":
            return room.roles
        case "from_table":
            table = room.procedure.tables[rule.of]
            first = next(iter(table.columns))
            return [(str(row.get(first, "")), str(row.get(first, ""))) for row in table.rows]
        case "from_playbook":
            books = room.procedure.playbooks
            named = [books[rule.of]] if rule.of in books else list(books.values())
            return [(s.key, room.procedure.title_of(s.key, s.title).in_(lang)) for b in named for s in b.situations]
    return [(key, title.in_(lang)) for key, title in rule.choices]
