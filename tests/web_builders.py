"""Hand-made connections, candidates and jobs for tests of the pages."""

from datetime import UTC, datetime
from types import MappingProxyType

from connector import Completeness, Coverage, LostBecause, SyncKind
from scanner.model.candidate import Candidate, Scanned, SignalHit
from scanner.model.connection import Connection, ConnectionState, Lost, ScanState
from scanner.model.document import DocumentFacts, DocumentKind
from scanner.model.job import Job, JobKind, JobState, Priority
from tests.builders import a_file

NOW = datetime(2026, 5, 15, 9, 0, tzinfo=UTC)


def a_connection(ident: str = "c-anna", **changes: object) -> Connection:
    """Build Anna's connection, synced last night."""
    values: dict[str, object] = {
        "id": ident,
        "subject": f"subject-of-{ident}",
        "email": "anna@maker.example",
        "state": ConnectionState.ACTIVE,
        "state_because": "",
        "connected_at": datetime(2026, 5, 1, tzinfo=UTC),
        "cursor": None,
        "pack_digest": "",
        "coverage": Coverage(
            kind=SyncKind.FULL,
            completeness=Completeness.COMPLETE,
            sync_id="s1",
            listed=MappingProxyType({"My Drive": 80, "Regulatory": 12}),
            calls=9,
        ),
        "synced_at": datetime(2026, 5, 15, 3, 5, tzinfo=UTC),
    }
    return Connection(**(values | changes))  # type: ignore[arg-type]  # a test builder takes any field by name


def a_loss(because: LostBecause) -> Lost:
    """Build a loss that was noticed this night."""
    return Lost(because=because, at=NOW, told=False)


def a_candidate(
    name: str = "PulseView Security Guide", state: ScanState = ScanState.SCANNED, because: str = ""
) -> Scanned:
    """Build a candidate that its name flagged."""
    file = a_file(name, modified_at=None, link="https://drive.google.com/file/d/x/view")
    facts = DocumentFacts(
        kind=DocumentKind.OPERATOR_GUIDE,
        document_id="PV-SEC-001",
        product="PulseView",
        product_versions=("4.2.x",),
        words=4211,
    )
    return Scanned(
        candidate=Candidate(
            file=file,
            clause="iec-81001-5-1/5.8.2",
            hits=(SignalHit(signal="file-name", field="name", text="Security Guide"),),
        ),
        state=state,
        because=because,
        facts=facts if state is ScanState.SCANNED else None,
        seconds=0.4,
    )


def a_job(kind: JobKind, state: JobState = JobState.RUNNING, connection: str = "c-anna", **changes: object) -> Job:
    """Build a job of Anna's."""
    values: dict[str, object] = {
        "id": f"{kind}-{state}",
        "kind": kind,
        "connection": connection,
        "key": f"{kind}:{connection}",
        "args": MappingProxyType({}),
        "priority": Priority.NIGHT,
        "state": state,
        "attempts": 1,
        "max_attempts": 5,
        "run_at": NOW,
    }
    return Job(**(values | changes))  # type: ignore[arg-type]  # a test builder takes any field by name
