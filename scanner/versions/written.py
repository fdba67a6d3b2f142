"""Versions found in running text, and whose they are: other software and standards have versions as well."""

import re

NUMBER = (
    r"v?\d{1,8}(?:\.(?:\d{1,4}|x))+(?:[-+]?[a-z]{1,5}\d{0,4})?|\bR20\d\d[ab]\b"
    r"|(?-i:\b[A-Z]{2}\d\d[A-Z](?:_SP\d\d)?\b)"  # as makers of imaging systems count
)
VERSION = re.compile(rf"(?<![\w.])(?:{NUMBER})(?![\w]|\.\d)", re.IGNORECASE)
RANGE = re.compile(
    rf"(?<![\w.])(?:(?:>=|≥|<=|≤|ab|from|since|up to|bis)\s?)?(?:{NUMBER})(?:\s?(?:-|–|to|bis"
    rf"|through)\s?(?:{NUMBER}))?(?:\s(?:and|or)\s(?:later|newer|above|higher)|\sund\s(?:höher|neuer|später))?",
    re.IGNORECASE,
)
THIRD_PARTY = re.compile(
    r"\b(?:TLS|SSL|HTTP|PostgreSQL|Postgres|MySQL|MariaDB|Mongo(?:DB)?|Redis|Java|JDK|JRE|Python|Node(?:\.js)?"
    r"|Windows(?: Server)?|Ubuntu|Debian|CentOS|RHEL|Android|iOS|macOS|Tomcat|nginx|Apache|OpenSSL|Docker"
    r"|Kubernetes|Helm|PHP|\.NET|"
    r"TPM|OAuth|OpenID|SAML|IEC|ISO|NIST|FHIR|HL7|DICOM|CVSS|IPv|Bluetooth|USB|PCI|OWASP|ASVS|IP|Section|Chapter"
    r"|Clause|Table|Figure|Kapitel|Abschnitt|Tabelle|Step|SP|Rev|Annex|Level|Ethernet|Log4j|Spring|Angular|React"
    r"|Chrome|Firefox|Edge|Safari)\s?$",
    re.IGNORECASE,
)


def ranges_in(text: str) -> tuple[str, ...]:
    """Return the versions or ranges of versions in a text, as written."""
    return tuple(
        dict.fromkeys(
            match.group().strip() for match in RANGE.finditer(text) if any(c.isdigit() for c in match.group())
        )
    )


def is_third_party(before: str) -> bool:
    """Tell whether the words before a version name other software, a standard or a part of the document."""
    return bool(THIRD_PARTY.search(before.rstrip(" :(v-")))
