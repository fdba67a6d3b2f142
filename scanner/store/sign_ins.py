"""Who is signed in: one row a browser, found by the digest of what its cookie holds."""

from datetime import datetime

from sqlmodel import Session, col, delete, select

from scanner.model.person import Person
from scanner.store.people_tables import SignInRow


class SignIns:
    """Everybody's, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def begin(self, digest: str, person: Person, *, now: datetime) -> None:
        """Note that a person signed in."""
        row = SignInRow(digest=digest, subject=person.subject, email=person.email, begun_at=now)
        self._session.add(row)

    def get(self, digest: str) -> tuple[Person, datetime] | None:
        """Return who signed in, and when."""
        row = self._session.get(SignInRow, digest)
        return (Person(subject=row.subject, email=row.email), row.begun_at) if row else None

    def end(self, digest: str) -> None:
        """Sign one browser out."""
        self._session.exec(delete(SignInRow).where(col(SignInRow.digest) == digest))

    def end_all(self, subject: str) -> None:
        """Sign a person out of every browser."""
        self._session.exec(delete(SignInRow).where(col(SignInRow.subject) == subject))

    def older(self, than: datetime) -> bool:
        """Tell whether anybody signed in before that."""
        query = select(SignInRow.digest).where(col(SignInRow.begun_at) < than)
        return self._session.exec(query.limit(1)).first() is not None

    def prune(self, *, before: datetime) -> None:
        """Forget what began before that."""
        self._session.exec(delete(SignInRow).where(col(SignInRow.begun_at) < before))
