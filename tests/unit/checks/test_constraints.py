"""Each constraint, satisfied, partial, missing and not applicable, in documents that the project wrote itself."""

import pytest

from scanner.model.verdict import FacetState, Outcome
from tests.checks_builders import a_document, a_guide, verdict_on

Y, P, N, A = Outcome.SATISFIED, Outcome.PARTIAL, Outcome.MISSING, Outcome.NOT_APPLICABLE

DAILY = """
## Backup

Back up the study database every night to a server of the hospital.
Restore a copy once a quarter and check that three studies open.

## Updates

Install security updates within 14 days of their announcement.
Check the signature of each update before you install it.

## Malware

Keep the antivirus software running and exclude only the import folder.
"""
ACCOUNTS = """
## Roles

| Role | May do |
|---|---|
| Reader | open studies of the own department and write reports |
| Administrator | create and remove accounts, change settings |

## Life cycle

Create an account only on request of the head of department.
Disable the account on the day on which a colleague leaves.
Remove disabled accounts after 90 days.

## Passwords

Change the password of the default account `root-lumora` at the first sign-in.
Passwords have at least 12 characters; five failed attempts lock the account for 15 minutes.
"""
NETWORK = """
## Ports

| From | To | Port | Direction |
|---|---|---|---|
| Scanner | Viewer | 11112/tcp | in |
| Viewer | Archive | 443/tcp | out |

Let the firewall pass port 11112/tcp from the scanner VLAN only.
"""
ACCESS = """
## Access settings

Set `auth.required=true` and restart the service.
Set the session timeout to 15 minutes.
"""
LINKS = """
## Encryption of links

Set `tls.min_version=1.2` and import the certificate of the hospital under Settings > TLS.
"""
RISKS = """
## Remaining security risks

| ID | Category | What remains | What the operator should do |
|---|---|---|---|
| R-1 | Confidentiality | Messages to old archives are not encrypted. | Put the archive into the VLAN of the viewer. |
| R-2 | Availability | The viewer does not limit queries; a flood stops import. | Limit them at the load balancer. |
"""
DATA = """
## Patient data on the server

Patient images and names are stored in the folder `/srv/lumora/cache` until they are deleted by hand.
The cache is not encrypted, so that anybody with access to the disk can read the names of patients.
Encrypt the volume that holds the cache and delete patient data from it every week.
"""
RETENTION = """
## Keeping studies

Studies are kept for 10 years; change the retention period under Settings > Archive > Keep.
Back up the study database every night and restore a copy once a year.
"""
DISPOSAL = """
## End of use

Export all studies before you decommission the server.
Then wipe the disks with three passes and remove the certificates from the archive.
Have the media destroyed and keep the certificate of destruction for the disks.
"""
CONFORMANCE = """# Conformance statement Lumora Viewer 5.1

## Scope (Clause 4)

Lumora Viewer 5.1 conforms to IEC 81001-5-1:2021, Clauses 4 to 9.

| Software item | Class |
|---|---|
| Viewer service | maintained software |
| PostgreSQL 16 | supported software, updated by the hospital |
"""
TAILORING = """
## Tailoring (Clause 5)

Activity 5.7.4 was replaced by a penetration test of an outside laboratory, because the team is too small.
"""
COVERAGE = """# Documentation index Lumora Viewer

## Coverage per Annex E of IEC 81001-5-1

| Annex E | Kind | Where |
|---|---|---|
| E.2.1 | Product documentation | LV-IFU-01, all chapters |
| E.2.2 | Defence in depth | LV-WP-02, chapter 3 |
| E.2.3 | Measures expected in the environment | Security Guide, section 2 |
| E.2.4 | Hardening guidelines | Security Guide, section 4 |
| E.2.5 | Security update information | Not provided for the kiosk edition, because it receives no updates. |
| E.3 | Decommissioning | Service Manual, chapter 11 |
"""
VERSIONED = """
| Field | Value |
|---|---|
| Applies to | Lumora Viewer 5.1 |

Install security updates within 14 days of their announcement.

## Revision history

| Version | Date | Product version | Changes |
|---|---|---|---|
| 3 | 2026-04-02 | 5.1 | Port 11112 replaces 104 |
"""
NOTES = """# Release notes Lumora Viewer 5.1.2

Release date: 2026-04-02

## Security

CVE-2026-1111 in the import service was fixed in 5.1.2. Update all servers to 5.1.2 within 7 days.
"""
GERMAN = """# Sicherheitsleitfaden Lumora Viewer

Dieser Leitfaden ist für Administratoren im Krankenhaus.

## Betrieb

Prüfen Sie täglich, ob die Datensicherung der Nacht ohne Fehler gelaufen ist.
Sichern Sie die Daten jede Woche auf einen Server und bewahren Sie die Sicherungskopie getrennt auf.
Der Virenscanner muss auf dem Server eingeschaltet bleiben.
Installieren Sie jedes Sicherheitsupdate innerhalb von 14 Tagen.
Die Version muss aktuell bleiben: aktualisieren Sie auf die neueste Version, sobald das Update verfügbar ist.
"""
GERMAN_ACCOUNTS = """# Benutzerhandbuch Lumora Viewer

Dieses Handbuch ist für Administratoren im Krankenhaus.

## Rollen

Die Rolle Befunder darf Studien öffnen und Befunde schreiben.
Die Rolle Administrator darf Benutzerkonten verwalten und Berechtigungen ändern.

## Konten

Benutzerkonten müssen am letzten Arbeitstag gesperrt werden.
Gesperrte Benutzerkonten sind nach 90 Tagen zu löschen: das Konto wird gelöscht, das Protokoll bleibt.
Das Passwort muss mindestens 12 Zeichen haben.
"""

DIFFERENTLY = """# How Lumora was built

Lumora conforms to IEC 81001-5-1:2021.

**Items we ship and patch ourselves:** the viewer and the gateway.

**What we did differently.** Static analysis was replaced by fuzzing, because generated code drowns every analyser.
"""
GUIDES = [
    ("secure-operation", Y, DAILY),
    ("secure-operation", P, "## Updates\n\nInstall security updates within 14 days of their announcement.\n"),
    (
        "secure-operation",
        N,
        "## Reports\n\nChoose a template and type the findings into the report window of the viewer.\n",
    ),
    ("account-management", Y, ACCOUNTS),
    ("account-management", P, "## Sign-in\n\nChange the password of the default account at the first sign-in.\n"),
    (
        "account-management",
        N,
        "## Access\n\nThe viewer supports role-based access control and modern authentication.\n",
    ),
    (
        "account-management",
        A,
        "## Access\n\nThe app has no user accounts and no log-in; whoever can unlock the phone can use it.\n",
    ),
    ("residual-risks", Y, RISKS),
    ("residual-risks", P, "## Archive\n\nMessages to old archives are not encrypted and can be read on the network.\n"),
    ("residual-risks", N, "## Risks\n\nThere are no known residual risks in this product.\n"),
    ("secure-configuration", Y, NETWORK + ACCESS + LINKS),
    ("secure-configuration", P, NETWORK),
    ("secure-configuration", P, "## Network\n\nUse a firewall between the viewer and the network of the ward.\n"),
    ("secure-configuration", N, "## Profiles\n\nThe viewer supports the secure transport profiles of the standard.\n"),
    ("risk-specificity", Y, RISKS),
    (
        "risk-specificity",
        P,
        "## Archive\n\nMessages to old archives are not encrypted and can be read on the network.\n",
    ),
    ("risk-specificity", N, "## Risks\n\n- Spoofing: 4\n- Tampering: 2\n"),
    ("data-protection-risks", Y, DATA),
    ("data-protection-risks", P, "## Cache\n\nPatient images are stored in the folder `/srv/lumora/cache`.\n"),
    ("data-protection-risks", N, "## Printing\n\nChoose the tray and the paper size before you print a report.\n"),
    ("data-protection-risks", A, "## Data\n\nThe service is stateless and stores no patient data on any medium.\n"),
    ("retention-disposal", Y, RETENTION + DISPOSAL),
    ("retention-disposal", P, RETENTION),
    ("retention-disposal", P, DISPOSAL),
    (
        "retention-disposal",
        N,
        "## Disposal\n\nThe crossed-out bin means that batteries do not belong into household waste.\n",
    ),
    (
        "retention-disposal",
        A,
        "## Data\n\nThe calculator does not store any patient data; results vanish with the window.\n",
    ),
    ("updated-each-release", Y, VERSIONED),
    ("updated-each-release", N, "## Updates\n\nInstall security updates within 14 days of their announcement.\n"),
]
WHOLE = [
    ("process-conformance", Y, CONFORMANCE + TAILORING),
    ("process-conformance", P, CONFORMANCE),
    ("process-conformance", Y, DIFFERENTLY),
    ("process-conformance", N, DIFFERENTLY.replace("IEC 81001-5-1:2021", "good practice")),
    (
        "process-conformance",
        N,
        "# Lumora Viewer\n\nThe viewer was developed following best practice and ISO 13485:2016 by experts.\n",
    ),
    ("annex-e-coverage", Y, COVERAGE),
    ("annex-e-coverage", P, COVERAGE[: COVERAGE.index("| E.2.4")]),
    ("annex-e-coverage", N, COVERAGE.replace("IEC 81001-5-1", "IEC 62366-1")),
    (
        "annex-e-coverage",
        N,
        "# Lumora Viewer guide for IEC 81001-5-1\n\n## Annex E\n\nA coverage table will be added later.\n",
    ),
    ("updated-each-release", Y, NOTES),
    (
        "updated-each-release",
        N,
        "# Release notes Lumora Viewer 5.1.3\n\n- The list of studies is sorted by date.\n- The window opens faster.\n",
    ),
    ("secure-operation", Y, GERMAN),
    ("account-management", Y, GERMAN_ACCOUNTS),
]


@pytest.mark.parametrize(("constraint", "outcome", "body"), GUIDES)
def test_an_operator_guide_is_judged_as_an_auditor_would(constraint: str, outcome: Outcome, body: str) -> None:
    verdict = verdict_on(a_guide(body), constraint)
    assert verdict.outcome is outcome, verdict


@pytest.mark.parametrize(("constraint", "outcome", "text"), WHOLE)
def test_a_document_of_another_kind_or_language_is_judged_as_an_auditor_would(
    constraint: str, outcome: Outcome, text: str
) -> None:
    verdict = verdict_on(a_document(text), constraint)
    assert verdict.outcome is outcome, verdict


def test_the_reason_names_what_was_found_and_what_was_not() -> None:
    verdict = verdict_on(a_guide("## Sign-in\n\nChange the password of the default account.\n"), "account-management")
    assert verdict.reason == (
        "Found: default accounts and passwords; not found: roles and privileges, account life cycle, emergency access, "
        "directory integration and periodic review of accounts."
    )
    assert verdict.facets["credentials"] is FacetState.MET
    assert verdict.facets["life-cycle"] is FacetState.ABSENT


def test_the_first_citation_of_each_facet_proves_it_verbatim() -> None:
    verdict = verdict_on(a_guide(RISKS), "risk-specificity")
    quotes = {citation.facet: citation.quote for citation in verdict.citations}
    assert "Put the archive into the VLAN of the viewer." in quotes["operator-action"]
    assert "Messages to old archives are not encrypted" in quotes["explained"]


def test_a_stated_fact_that_makes_it_moot_is_quoted() -> None:
    verdict = verdict_on(
        a_guide("## Data\n\nThe service is stateless and stores no patient data.\n"), "retention-disposal"
    )
    assert verdict.citations[0].quote == "The service is stateless and stores no patient data."


def test_a_bare_not_applicable_is_missing() -> None:
    verdict = verdict_on(a_guide("## Account management\n\nN/A\n"), "account-management")
    assert verdict.outcome is N
