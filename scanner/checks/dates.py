"""Dates as documents write them, where they are unambiguous."""

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner",
            "february feb februar",
            "march mar märz",
            "april apr",
            "may mai",
            "june jun juni",
            "july jul juli",
            "august aug",
            "september sep sept",
            "october oct oktober okt",
            "november nov",
            "december dec dezember dez",
        ),
        1,
    )
    for name in names.split()
}
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = r"(?P<y1>(?:19|20)\d\d)[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})"
_DAY_FIRST = rf"(?P<d2>\d{{1,2}})\.?\s?(?:(?P<m2>{_NAMES})\.?|\.?(?P<m2n>\d{{1,2}})\.)\s?,?\s?(?P<y2>(?:19|20)\d\d)"
_MONTH_FIRST = rf"(?P<m3>{_NAMES})\.?\s(?:(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s)?(?P<y3>(?:19|20)\d\d)"
DATE = re.compile(rf"\b(?:{_ISO}|{_DAY_FIRST}|{_MONTH_FIRST})\b", re.IGNORECASE)


def dates_in(text: str) -> list[date]:
    """Return the dates written in a text, in its order; a month without a day is its first."""
    return [day for match in DATE.finditer(text) if (day := _date(match)) is not None]


def _date(match: re.Match[str]) -> date | None:
    year = match.group("y1") or match.group("y2") or match.group("y3")
    month = match.group("m1") or match.group("m2") or match.group("m2n") or match.group("m3")
    day = match.group("d1") or match.group("d2") or match.group("d3") or "1"
    number = int(month) if month.isdigit() else _MONTHS[month.lower()]
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None
