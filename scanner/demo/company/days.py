"""The invented company's calendar: every date in its documents is counted from the day the demo runs."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_ASKED = re.compile(r"@\{(?P<name>\w+)(?P<shift>[+-]\d+)?(?:\|(?P<form>\w+))?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days that matter to the company, for one day of today."""

    today: date

    def named(self, name: str) -> date:
        """Return the day of that name: today, or the release of a version ("r420"). Raises KeyError."""
        before = {"today": 0, "r300": 900, "r410": 402, "r411": 291, "r420": 152, "r430": 1}
        return self.today - timedelta(days=before[name])

    def fill(self, text: str) -> str:
        """Replace every `@{r420+14|iso}` in the text: a named day, days to add, and a form (long if none is said)."""
        return _ASKED.sub(self._said, text)

    def stamp(self, days_ago: int, *, minute: int = 0) -> str:
        """Return that day's moment as Drive writes it; a moment of today is midnight, so never in the future."""
        clock = time(0, 0) if days_ago == 0 else time(8 + minute % 9, minute % 60)
        moment = datetime.combine(self.today - timedelta(days=days_ago), clock, tzinfo=UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"

    def _said(self, found: re.Match[str]) -> str:
        day = self.named(found["name"]) + timedelta(days=int(found["shift"] or 0))
        forms = {
            "long": f"{day.day} {day:%B %Y}",
            "iso": f"{day:%Y-%m-%d}",
            "month": f"{day:%B %Y}",
            "year": f"{day:%Y}",
            "short": f"{day:%d.%m.%Y}",
            "mail": f"{day:%a, %d %b %Y} 09:12:00 +0000",
        }
        return forms[found["form"] or "long"]
