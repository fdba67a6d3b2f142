"""Dates as documents write them, where they are unambiguous."""

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janeiro enero janvier gennaio",
            "february feb februar fevereiro febrero février febbraio",
            "march mar märz março marzo mars",
            "april apr abril avril aprile",
            "may mai maio mayo maggio",
            "june jun juni junho junio juin giugno",
            "july jul juli julho julio juillet luglio",
            "august aug agosto août",
            "september sep sept setembro septiembre septembre settembre",
            "october oct oktober okt outubro octubre octobre ottobre",
            "november nov novembro noviembre novembre",
            "december dec dezember dez dezembro diciembre décembre dicembre",
        ),
        1,
    )
    for name in names.split()
}
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = r"(?P<y1>(?:19|20)\d\d)[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})"
_DAY_FIRST = (
    rf"(?P<d2>\d{{1,2}})\.?\s?(?:(?:de |di )?(?P<m2>{_NAMES})\.?|\.?(?P<m2n>\d{{1,2}})\.)"
    r"\s?,?\s?(?:de )?(?P<y2>(?:19|20)\d\d)"
)
_MONTH_FIRST = rf"(?P<m3>{_NAMES})\.?\s(?:(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s)?(?P<y3>(?:19|20)\d\d)"
_EAST = r"(?P<y4>20\d\d)年(?P<m4>\d{1,2})月(?P<d4>\d{1,2})日"
DATE = re.compile(rf"\b(?:{_ISO}|{_DAY_FIRST}|{_MONTH_FIRST})\b|{_EAST}", re.IGNORECASE)
_COMPACT = re.compile(r"\s*(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])\s*")


def dates_in(text: str) -> list[date]:
    """Return the dates written in a text, in its order; a month without a day is its first."""
    return [day for match in DATE.finditer(text) if (day := _date(match)) is not None]


def day_of(text: str) -> date | None:
    """Return the day that a cell or a value gives: a date in it, or nothing but 20260402."""
    found = dates_in(text)
    compact = _COMPACT.fullmatch(text)
    if found or compact is None:
        return found[0] if found else None
    try:
        return date(int(compact["year"]), int(compact["month"]), int(compact["day"]))
    except ValueError:
        return None


def _date(match: re.Match[str]) -> date | None:
    year = next(filter(None, map(match.group, ("y1", "y2", "y3", "y4"))))
    month = next(filter(None, map(match.group, ("m1", "m2", "m2n", "m3", "m4"))))
    day = next(filter(None, map(match.group, ("d1", "d2", "d3", "d4"))), "1")
    number = int(month) if month.isdigit() else _MONTHS[month.lower()]
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None
