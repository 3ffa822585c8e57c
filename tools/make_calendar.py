"""Writes ``src/manyi/library/calendars/china.json`` from the ``holidays`` package: ``make_calendar.py LAST_CONFIRMED``.

``LAST_CONFIRMED`` is the last year whose State Council notice is out; what the package says of later years is a guess
and is marked so. Weekend days beside a holiday belong to it unless they are worked.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import date, timedelta
from pathlib import Path

import holidays

TARGET = Path(__file__).parents[1] / "src" / "manyi" / "library" / "calendars" / "china.json"
FIRST, BEYOND = 2023, 2
NAMES = {
    "元旦": "New Year's Day", "春节": "Spring Festival", "清明节": "Tomb-Sweeping Day", "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival", "中秋节": "Mid-Autumn Festival", "国庆节": "National Day",
}  # fmt: skip
DAY = timedelta(days=1)


def main() -> None:
    last_confirmed = int(sys.argv[1])
    years = {str(year): of_year(year, year <= last_confirmed) for year in range(FIRST, last_confirmed + BEYOND + 1)}
    data = {
        "title": {"zh": "中国法定节假日与调休", "en": "Public holidays and make-up workdays of China"},
        "timezone": "Asia/Shanghai",
        "make_up": {"zh": "调休上班", "en": "make-up workday"},
        "years": years,
    }
    TARGET.write_text(compact(data), encoding="utf-8")
    print(TARGET, sum(len(year["closed"]) for year in years.values()), "holidays")


def of_year(year: int, confirmed: bool) -> dict:
    """One year's holidays as runs of days, and its make-up days."""
    found = holidays.country_holidays("CN", years=[year], language="zh_CN")
    worked = sorted(day for day in found.weekend_workdays if day.year == year)
    free = {day for day in found if day.year == year}
    for step in (DAY, -DAY):
        for day in sorted(free):
            beside = day + step
            while beside.weekday() > 4 and beside not in worked and beside.year == year:
                free.add(beside)
                beside += step
    runs: list[list[date]] = []
    for day in sorted(free):
        if runs and runs[-1][-1] + DAY == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    closed = [{"from": run[0].isoformat(), "to": run[-1].isoformat(), **named(run, found)} for run in runs]
    return {"confirmed": confirmed, "closed": closed, "make_up": [day.isoformat() for day in worked]}


def named(run: list[date], found: holidays.HolidayBase) -> dict[str, str]:
    """The festivals in a run of days, in both languages."""
    said = re.findall("|".join(NAMES), " ".join(found.get(day, "") for day in run))
    names = list(dict.fromkeys(said))
    return {"zh": "、".join(names), "en": ", ".join(NAMES[name] for name in names)}


def compact(data: dict) -> str:
    """JSON with a line for each holiday, so that people can read and change it."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    text = re.sub(r"\{\n\s+(\"(?:from|zh)\"[^{}]*?)\n\s+\}", lambda m: "{" + re.sub(r"\n\s+", " ", m[1]) + "}", text)
    return re.sub(r"\[\n\s+(\"[^\[\]{}]*?)\n\s+\]", lambda m: "[" + re.sub(r"\n\s+", " ", m[1]) + "]", text) + "\n"


if __name__ == "__main__":
    main()
