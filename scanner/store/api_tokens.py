"""Personal tokens of the API, found by the digests of their secrets."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, or_, select, update

from scanner.model.api_token import ApiToken, TokenScope
from scanner.model.person import Person
from scanner.store.people_tables import ApiTokenRow

USED_EVERY = timedelta(minutes=5)  # so often at most it is noted that a token was used: reading would write else


class ApiTokens:
    """Everybody's, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def add(self, token: ApiToken, *, digest: str) -> None:
        """Keep a token with the digest of its secret."""
        self._session.add(
            ApiTokenRow(
                id=token.id,
                digest=digest,
                subject=token.person.subject,
                email=token.person.email,
                name=token.name,
                scope=token.scope,
                made_at=token.made_at,
                expires_at=token.expires_at,
            )
        )
        self._session.flush()

    def of_digest(self, digest: str) -> ApiToken | None:
        """Return the token whose secret has this digest.

        How long that takes tells of digests at most, and none leads to a secret of 256 random bits.
        """
        row = self._session.exec(select(ApiTokenRow).where(ApiTokenRow.digest == digest)).first()
        return _token(row) if row else None

    def of_person(self, subject: str) -> tuple[ApiToken, ...]:
        """List a person's tokens, the newest first."""
        query = select(ApiTokenRow).where(ApiTokenRow.subject == subject)
        rows = self._session.exec(query.order_by(col(ApiTokenRow.made_at).desc(), col(ApiTokenRow.id)))
        return tuple(_token(row) for row in rows)

    def used(self, token_id: str, *, now: datetime) -> None:
        """Note that a token was used, unless that was noted a moment ago."""
        long_ago = or_(col(ApiTokenRow.used_at).is_(None), col(ApiTokenRow.used_at) < now - USED_EVERY)
        self._session.exec(update(ApiTokenRow).where(col(ApiTokenRow.id) == token_id, long_ago).values(used_at=now))

    def end(self, subject: str, token_id: str) -> ApiToken | None:
        """Forget a person's token and return it; None where she has none of that id."""
        row = self._session.get(ApiTokenRow, token_id, with_for_update=True)
        if row is None or row.subject != subject:
            return None
        self._session.delete(row)
        return _token(row)

    def prune(self, *, before: datetime) -> None:
        """Forget tokens that expired before that."""
        self._session.exec(delete(ApiTokenRow).where(col(ApiTokenRow.expires_at) < before))


def _token(row: ApiTokenRow) -> ApiToken:
    return ApiToken(
        id=row.id,
        person=Person(subject=row.subject, email=row.email),
        name=row.name,
        scope=TokenScope(row.scope),
        made_at=row.made_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
