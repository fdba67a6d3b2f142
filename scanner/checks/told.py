"""How release notes speak of security: so that a reader can act, vaguely, or not at all."""

import re
from collections.abc import Sequence

from scanner.checks.reading import Read, Reading
from scanner.checks.substance import Empty
from scanner.model.document import DocumentKind, Listed, Told
from scanner.versions.version import order, same
from scanner.versions.written import versions_in

SECURITY = re.compile(
    r"\b(?:secur\w+|vulnerab\w+|cve\S*|tls|ssl|https|certificat\w*|password\w*|auth\w*|encrypt\w*|login"
    r"|session\w*|token\w*|port|ports|permission\w*|role|roles|access|audit\w*|sicherheit\w*|passwort\w*"
    r"|verschlüssel\w*|anmeld\w*|pin)\b",
    re.IGNORECASE,
)
SECURITY_TITLE = re.compile(
    r"\b(?:secur\w+|vulnerab\w+|cves?|sicherheit\w*|hardening|upgrade|migration)\b", re.IGNORECASE
)
TELLING = frozenset({None, Empty.HEADING})  # "Enhanced encryption" is vague, and yet told of a release
_CONCRETE = re.compile(r"\bCVE-\d{4}-\d{4,7}\b|\b\d{2,5}/(?:tcp|udp)\b|\bport \d{2,5}\b", re.IGNORECASE)
# "No security changes in this release" tells as much as a list of them.
_NOTHING = re.compile(
    r"\b(?:no|none|keine?|nenhum\w*)\b.{0,30}\b(?:secur\w+|vulnerab\w+|sicherheit\w*|segurança)\b"
    r"|\b(?:secur\w+|vulnerab\w+|sicherheit\w*)\b.{0,40}\b(?:unchanged|no changes?|none|unverändert)\b",
    re.IGNORECASE,
)


def security_of(reading: Reading, releases: Sequence[Listed]) -> tuple[Told, Read | None]:
    """Return how release notes speak of security for their newest release, and the statement that shows it."""
    if reading.facts.kind is not DocumentKind.RELEASE_NOTES:
        return Told.NOT, None
    newest = max((one.version for one in releases), key=order, default="")
    own = [one for one in reading.read if _is_of(one, newest)]
    speaking = [one for one in own if _speaks(one)]
    plain = next((one for one in speaking if _is_plain(one)), None)
    if plain is not None:
        return Told.PLAINLY, plain
    return (Told.VAGUELY, speaking[0]) if speaking else (Told.NOT, None)


def _is_of(one: Read, newest: str) -> bool:
    """Leave out what stands below the heading of another version."""
    named = [found[0] for heading in one.statement.headings[1:] if (found := versions_in(heading))]
    return not newest or not named or any(same(version, newest) for version in named)


def _speaks(one: Read) -> bool:
    titled = any(SECURITY_TITLE.search(heading) for heading in one.statement.headings[1:])
    text = one.statement.text
    return bool(_NOTHING.search(text)) or (one.substance.empty in TELLING and (titled or bool(SECURITY.search(text))))


def _is_plain(one: Read) -> bool:
    text = one.statement.text
    if _CONCRETE.search(text) or _NOTHING.search(text):
        return True
    titled = any(SECURITY_TITLE.search(heading) for heading in one.statement.headings[1:])
    gives = one.substance.gives("setting") or (titled and one.substance.fact)
    return gives and one.substance.empty is None
