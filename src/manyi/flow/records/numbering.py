"""Numbers of records: counted within all that stands before them, one after the other, none twice, none missing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from manyi.core.text import Text
from manyi.flow.records.models import Series

_PLACE = re.compile(r"\{([a-z.]+)(?::(\d{1,2}))?\}")
SEQ = "seq"


class NotYet(Exception):
    """The number cannot be given yet: something it is made of is not known."""

    def __init__(self, missing: str) -> None:
        self.missing = missing
        self.text = Text(f"编号需要“{missing}”", f"The number needs {missing}")
        super().__init__(missing)


def fill(template: str, known: Mapping[str, str], seq: int | None) -> str:
    """A number, or with ``seq`` ``None`` all that stands before its sequence. Raises ``NotYet``.

    >>> fill("{project.short}-{unit.short}-{seq:02}", {"project.short": "HK", "unit.short": "east"}, 3)
    'HK-east-03'
    """
    if seq is None:
        template = template.partition("{" + SEQ)[0]

    def value(match: re.Match[str]) -> str:
        name, width = match[1], int(match[2] or 0)
        if name == SEQ:
            return str(seq).zfill(width)
        if not known.get(name):
            raise NotYet(name)
        return known[name]

    return _PLACE.sub(value, template)


def next_number(*, scope: str, template: str, known: Mapping[str, str]) -> str:
    """The next number of ``template``, taken under lock; it is given back where the transaction fails."""
    if not template:
        return ""
    before = fill(template, known, None)
    series, _ = Series.objects.select_for_update().get_or_create(scope=f"{scope}:{before}")
    series.last += 1
    series.save(update_fields=("last",))
    return fill(template, known, series.last)
