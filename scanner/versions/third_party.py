"""Whose a version is: other software, standards and the parts of a document have versions and numbers as well."""

import re

_NAMES = (
    r"TLS|SSL|HTTP|PostgreSQL|Postgres|MySQL|MariaDB|Mongo(?:DB)?|Redis|Java|JDK|JRE|Python|Node(?:\.js)?"
    r"|Windows(?: Server)?|Ubuntu|Debian|CentOS|RHEL|Android|iOS|macOS|Tomcat|nginx|Apache|OpenSSL|Docker"
    r"|Kubernetes|Helm|PHP|\.NET|TPM|OAuth|OpenID|SAML|IEC|ISO|NIST|FHIR|HL7|DICOM|CVSS|IPv|Bluetooth|USB|PCI|OWASP"
    r"|ASVS|IP|SP|Ethernet|Log4j|Spring|Angular|React|Chrome|Firefox|Edge|Safari"
)
_PARTS = (
    r"Sections?|Chapters?|Clauses?|Tables?|Figures?|Kapitel|Abschnitt|Ziffer|Tabelle|Abbildung|Step|Rev|Annex|Anhang|Level"
    r"|Appendix|Page|Seite|Seção|Sección|Capítulo"
)
THIRD_PARTY = re.compile(rf"\b(?:{_NAMES}|{_PARTS})\s?$", re.IGNORECASE)
_AFTER = re.compile(rf"\s?(?:of|von|de|do|da|der|des)\s(?:the\s)?(?:{_NAMES})\b", re.IGNORECASE)
# What may stand between a name and its version: "PostgreSQL version 14.9", "TLS (≥ 1.2".
_BETWEEN = re.compile(
    r"(?:[\s(:=<>≤≥~-]"
    r"|\b(?:v|ver|vers|version(?:en)?|versão|versión|release|ab|from|since|at least|min(?:imum|destens)?)\b\.?)+$",
    re.IGNORECASE,
)


def is_third_party(before: str) -> bool:
    """Tell whether the words before a version name other software, a standard or a part of the document."""
    return bool(THIRD_PARTY.search(_BETWEEN.sub("", before[-80:])))


def names_third_party(after: str) -> bool:
    """Tell whether the words behind a version say that it is other software's: "version 12 of Windows"."""
    return bool(_AFTER.match(after))
