"""What a command about the past answers: JSON and nothing else, or lines a person reads; faults as every command lists
them."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from manyi.core.errors import Fault, Faults, Refusal
from manyi.core.text import Lang, Text

INPUT_FAULTS = 2
EARLIEST, LATEST = 1970, 2299


class Answer(BaseCommand):
    """A command that reads, answers, and writes nothing; exit 2 for faults in what was asked."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--json`` and ``--lang``."""
        parser.add_argument("--json", action="store_true", help="JSON and nothing else on standard output")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of texts (default: zh)")

    def answer(
        self,
        ask: Callable[[], Any],
        as_json: bool,
        lang: Lang,
        lines: Callable[[Any], Iterator[str]],
        data: Callable[[Any], Any],
    ) -> None:
        """Ask, and print what comes back; faults go to standard error, or stand in the JSON."""
        try:
            found = ask()
        except (Faults, Refusal) as wrong:
            faults = wrong.faults if isinstance(wrong, Faults) else (wrong.as_fault(),)
            if as_json:
                self._json({"faults": [fault.as_json(lang) for fault in faults]})
            for fault in () if as_json else faults:
                where = ":".join(str(part) for part in (fault.table, fault.row) if part)
                said = f"{fault.message.in_(lang)} — {fault.hint.in_(lang)}"
                self.stderr.write(": ".join(part for part in (where, fault.column, said) if part))
            raise SystemExit(INPUT_FAULTS) from None
        if as_json:
            self._json(data(found))
        else:
            self.stdout.write("\n".join(lines(found)))

    def _json(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False, indent=1))


def day_of(text: str, option: str) -> date:
    """A day from the command line; raises ``Faults``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Faults([_not_a_time(text, option)]) from None


def instant_of(text: str, option: str) -> datetime:
    """An instant from the command line: a day means its end; raises ``Faults``."""
    try:
        if len(text) == len("2026-01-01"):
            value = datetime.combine(date.fromisoformat(text), time.max)
        else:
            value = datetime.fromisoformat(text)
        value = value if value.tzinfo else timezone.make_aware(value)
    except (ValueError, OverflowError):
        raise Faults([_not_a_time(text, option)]) from None
    if not EARLIEST <= value.year <= LATEST:
        raise Faults([_not_a_time(text, option)])
    return value


def _not_a_time(text: str, option: str) -> Fault:
    message = Text(f"“{text}”不是日期", f"“{text}” is no date")
    return Fault("no_date", message, Text("写作 2026-12-31", "Write it as 2026-12-31"), column=option)
