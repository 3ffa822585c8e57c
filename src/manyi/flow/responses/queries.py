"""Reading sheets: those a person sees, how many came back and how, which came late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Count, Q, QuerySet

from manyi.base.people.access import visible_to
from manyi.base.people.models import Person
from manyi.core.durations import date_after
from manyi.core.limits import Limit
from manyi.core.text import Text
from manyi.core.waves import WaveRules
from manyi.flow.dispatch.models import Ask
from manyi.flow.dispatch.queries import list_asks
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import list_included
from manyi.flow.responses.models import Sheet


@dataclass(frozen=True, slots=True)
class Channel:
    """The rows of one channel and how many came back."""

    title: Text
    asked: int
    returned: int

    @property
    def share(self) -> Fraction | None:
        """Returned of asked; ``None`` where nobody was asked."""
        return Fraction(self.returned, self.asked) if self.asked else None


@dataclass(frozen=True, slots=True)
class Returns:
    """How a wave's returns stand. ``outside`` sheets have no ledger row; ``late`` ones came after the allowed time."""

    asked: int
    returned: int
    outside: int
    late: int
    last_day: date | None
    limit: Limit | None
    channels: tuple[Channel, ...]

    @property
    def share(self) -> Fraction | None:
        """Returned of asked, by ledger rows."""
        return Fraction(self.returned, self.asked) if self.asked else None

    @property
    def met(self) -> bool | None:
        """Whether the limit is kept so far; ``None`` where there is none, or nothing to judge."""
        return None if self.limit is None or self.share is None else self.limit.is_met_by(self.share)


def list_visible_sheets(by: Person) -> QuerySet[Sheet]:
    """The sheets of the customers of a person's units and below, newest first."""
    sheets = Sheet.objects.select_related("customer", "product", "ask", "entered_by", "wave")
    return visible_to(by, sheets).order_by("-pk")


def get_visible_sheet(by: Person, pk: int) -> Sheet:
    """One sheet, or ``Sheet.DoesNotExist``."""
    return list_visible_sheets(by).select_related("wave__revision__document", "wave__unit").get(pk=pk)


def list_sheets(wave: Wave) -> QuerySet[Sheet]:
    """The sheets of a wave, for what is counted over all of them; nobody's eyes."""
    return Sheet.objects.filter(wave=wave)


def list_counted_sheets(wave: Wave) -> QuerySet[Sheet]:
    """The sheets a wave's result counts: its own and those of the single surveys that enter it; nobody's eyes."""
    return Sheet.objects.filter(wave__in=[wave.pk, *(one.pk for one in list_included(wave))])


def find_sheet(ask: Ask) -> Sheet | None:
    """The sheet that came back for a ledger row."""
    return Sheet.objects.filter(ask=ask).first()


def list_numbers(wave: Wave) -> list[str]:
    """The numbers of a wave's sheets."""
    return list(wave.sheets.values_list("number", flat=True))


def list_answered(wave: Wave) -> list[tuple[str, str]]:
    """Whose sheets are there: (customer code, product name)."""
    rows = wave.sheets.values_list("customer__code", "product__name")
    return [(code, product or "") for code, product in rows]


def get_returns(wave: Wave, rules: WaveRules) -> Returns:
    """The returns of a wave, in a fixed number of queries."""
    per_channel = list_asks(wave).order_by().values("channel").annotate(asked=Count("pk"), came=Count("sheet"))
    counts = {row["channel"]: (row["asked"], row["came"]) for row in per_channel}
    titles = dict(rules.channels)
    channels = [Channel(titles.get(key, Text(key, key)), *counts[key]) for key in sorted(counts)]
    came = wave.sheets.values_list("ask__sent_on", "returned_on")
    sent = wave.asks.order_by("-sent_on").values_list("sent_on", flat=True).first()
    return Returns(
        asked=sum(channel.asked for channel in channels),
        returned=sum(channel.returned for channel in channels),
        outside=wave.sheets.filter(ask=None).count(),
        late=sum(is_late(rules, sent_on, returned_on) for sent_on, returned_on in came),
        last_day=last_day(rules, sent) if sent else None,
        limit=rules.return_limit,
        channels=tuple(channels),
    )


def last_day(rules: WaveRules, sent_on: date) -> date | None:
    """The last day on which a sheet sent on a day comes back in time; ``None`` where no such day can be told."""
    within = rules.returned_within
    if within is None or within.unit not in ("day", "week", "month", "year"):
        return None
    return date_after(sent_on, within)


def is_late(rules: WaveRules, sent_on: date | None, returned_on: date) -> bool:
    """Whether a sheet came after the time the procedure allows; one outside the ledger is never late."""
    last = last_day(rules, sent_on) if sent_on else None
    return last is not None and returned_on > last


def list_open_asks(by: Person, wave: Wave, search: str = "") -> QuerySet[Ask]:
    """Ledger rows without a sheet, of customers the person sees; found by number, code or name of the customer."""
    asks = visible_to(by, list_asks(wave).filter(sheet=None))
    if not search:
        return asks
    found = Q(customer__code__icontains=search) | Q(customer__name__icontains=search)
    number = search.rpartition("-")[2]
    if number.isascii() and number.isdigit() and len(number) < 12:
        found |= Q(pk=int(number))
    return asks.filter(found)


def get_open_ask(by: Person, wave: Wave, pk: int) -> Ask:
    """One ledger row without a sheet, or ``Ask.DoesNotExist``."""
    return list_open_asks(by, wave).get(pk=pk)
